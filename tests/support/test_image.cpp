#include "tests/support/test_image.hpp"

#include "core/support/json_writer.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace rcb::test {
namespace {

std::string sha256(const std::string& bytes) {
  std::array<unsigned char, 32> hash{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("test image: cannot hash");
  }
  std::string text;
  for (const unsigned char byte : hash) {
    static constexpr char kDigits[] = "0123456789abcdef";
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

// A tar archive (ustar) with one file.
std::string tarOf(const std::string& name, const std::string& content) {
  constexpr std::size_t kBlock = 512;
  std::string header(kBlock, '\0');
  const auto put = [&header](std::size_t at, const std::string& text) { header.replace(at, text.size(), text); };
  char size[12];
  std::snprintf(size, sizeof size, "%011zo", content.size());
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, size);
  put(136, "00000000000");
  put(148, "        ");
  put(156, "0");
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned int sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  put(148, std::string(checksum, 7) + " ");
  const std::size_t padding = (kBlock - content.size() % kBlock) % kBlock;
  return header + content + std::string(padding + 2 * kBlock, '\0');
}

class Layout {
 public:
  explicit Layout(const std::string& folder) : folder_(folder) {
    std::filesystem::create_directories(folder_ + "/blobs/sha256");
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream file(folder_ + "/" + name, std::ios::binary);
    file << bytes;
    file.close();
    if (!file) throw std::runtime_error("test image: cannot write " + folder_ + "/" + name);
  }
  // Stores a blob; its descriptor comes back.
  std::string add(const std::string& mediaType, const std::string& bytes) const {
    const std::string hash = sha256(bytes);
    write("blobs/sha256/" + hash, bytes);
    std::string descriptor;
    JsonWriter writer(descriptor);
    writer.beginObject();
    writer.member("mediaType", mediaType);
    writer.member("digest", "sha256:" + hash);
    writer.member("size", static_cast<std::int64_t>(bytes.size()));
    writer.endObject();
    return descriptor;
  }

 private:
  std::string folder_;
};

}  // namespace

void writeTestImage(const std::string& folder, const std::string& text) {
  const Layout layout(folder);
  const std::string layer = tarOf("hello.txt", text);
  const std::string layerEntry = layout.add("application/vnd.oci.image.layer.v1.tar", layer);
  const std::string config = R"({"architecture":"amd64","os":"linux","config":{"Cmd":["/hello"]},)"
                             R"("rootfs":{"type":"layers","diff_ids":["sha256:)" +
                             sha256(layer) + R"("]}})";
  const std::string configEntry = layout.add("application/vnd.oci.image.config.v1+json", config);
  const std::string manifestType = "application/vnd.oci.image.manifest.v1+json";
  const std::string manifest = R"({"schemaVersion":2,"mediaType":")" + manifestType + R"(","config":)" + configEntry +
                               R"(,"layers":[)" + layerEntry + "]}";
  const std::string manifestEntry = layout.add(manifestType, manifest);
  layout.write("index.json", R"({"schemaVersion":2,"manifests":[)" + manifestEntry + "]}");
  layout.write("oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
}

}  // namespace rcb::test
