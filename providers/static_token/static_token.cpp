#include "providers/static_token/static_token.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <vector>

namespace rcb::static_token {
namespace {

[[noreturn]] void refuse(std::string reason, std::string advice) {
  throw sdk::Failure{RCB_BAD_SETTINGS, std::move(reason), std::move(advice)};
}

// Base64 (RFC 4648 section 4) of a docker config's `auth`; wiped when it dies.
class DecodedAuth {
 public:
  explicit DecodedAuth(std::string_view text) {
    bytes_.reserve(text.size());
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
      const auto at = kAlphabet.find(c);
      if (at == std::string_view::npos) {
        valid_ = false;
        return;
      }
      bits = (bits << 6 | static_cast<unsigned>(at)) & 0xffffu;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes_.push_back(static_cast<char>(bits >> count & 0xffu));
      }
    }
    // Docker pads what it encodes with zero bytes.
    while (!bytes_.empty() && bytes_.back() == '\0') bytes_.pop_back();
  }
  DecodedAuth(const DecodedAuth&) = delete;
  DecodedAuth& operator=(const DecodedAuth&) = delete;
  ~DecodedAuth() { explicit_bzero(bytes_.data(), bytes_.size()); }

  // Split at the first colon, as docker does.
  std::optional<Credential> credential() const {
    const std::string_view text(bytes_.data(), bytes_.size());
    const auto colon = text.find(':');
    if (!valid_ || colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
    return Credential{text.substr(0, colon), text.substr(colon + 1)};
  }

 private:
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<char> bytes_;
  bool valid_ = true;
};

// How a docker config may name a registry.
std::vector<std::string> dockerKeys(std::string_view registry) {
  const std::string host(registry);
  std::vector<std::string> keys = {
      host,          "https://" + host, "https://" + host + "/", "https://" + host + "/v1/", "https://" + host + "/v2/",
      host + "/v1/", host + "/v2/"};
  if (host == "docker.io") {
    for (const char* key : {"https://index.docker.io/v1/", "index.docker.io/v1/", "index.docker.io"})
      keys.emplace_back(key);
  }
  return keys;
}

// Emits the entry of a docker config's `auths` for the registry.
void emitFromDockerConfig(std::string_view content, std::string_view registry, std::int64_t expiresAt,
                          sdk::Host& host) {
  for (const std::string& key : dockerKeys(registry)) {
    const std::string entry = "/auths/" + pointerToken(key);
    if (const auto auth = host.jsonText(content, entry + "/auth"); auth && !auth->empty()) {
      const DecodedAuth decoded(*auth);
      const auto credential = decoded.credential();
      if (!credential)
        refuse("the credentialFile's entry for " + key + " has an `auth` that is not base64 of user:password", "");
      return host.emit(credential->username, credential->password, expiresAt);
    }
    const auto username = host.jsonText(content, entry + "/username");
    const auto password = host.jsonText(content, entry + "/password");
    if (username && password) return host.emit(*username, *password, expiresAt);
  }
  refuse("the credentialFile's `auths` has no entry with a password for " + std::string(registry),
         "credential helpers and identity tokens of a docker config are not used; add an entry with `auth`");
}

// Emits the entry of a kubelet's CredentialProviderResponse whose key is the registry.
void emitFromResponse(std::string_view content, std::string_view registry, std::int64_t expiresAt, sdk::Host& host) {
  const std::string entry = "/auth/" + pointerToken(registry);
  const auto username = host.jsonText(content, entry + "/username");
  const auto password = host.jsonText(content, entry + "/password");
  if (!username || !password)
    refuse("the credentialFile's `auth` has no entry for " + std::string(registry),
           "its key must be the image's host, with its port");
  host.emit(*username, *password, expiresAt);
}

void emitFromFile(std::string_view path, std::string_view registry, std::int64_t expiresAt, sdk::Host& host) {
  const std::string_view content = host.readFile(path);
  const auto kind = host.jsonText(content, "/kind");
  if (kind && *kind == "CredentialProviderResponse") return emitFromResponse(content, registry, expiresAt, host);
  if (kind) refuse("the credentialFile is of another kind than CredentialProviderResponse", "");
  emitFromDockerConfig(content, registry, expiresAt, host);
}

std::string_view lineOf(std::string_view what, std::string_view path, sdk::Host& host) {
  const auto line = singleLine(host.readFile(path));
  if (!line) refuse("the " + std::string(what) + " does not hold exactly one line", "write the value alone into it");
  return *line;
}

std::int64_t expiryOf(const sdk::Request& request, const sdk::Host& host) {
  const std::string_view text = request.setting("expiresAt");
  if (text.empty()) return RCB_EXPIRES_NEVER;
  const auto end = parseUtc(text);
  if (!end) refuse("expiresAt names no moment in time", "write it as 2030-12-31T23:59:59Z");
  if (*end <= host.now())
    refuse("the credential has expired at " + std::string(text), "put a new one into its file and move expiresAt");
  return *end;
}

}  // namespace

void StaticToken::provide(const sdk::Request& request, sdk::Host& host) {
  const std::string_view username = request.setting("username");
  const std::string_view usernameFile = request.setting("usernameFile");
  const std::string_view passwordFile = request.setting("passwordFile");
  const std::string_view credentialFile = request.setting("credentialFile");
  const bool separate = !username.empty() || !usernameFile.empty() || !passwordFile.empty();
  if (separate != credentialFile.empty()) {
    refuse(separate ? "credentialFile stands beside username, usernameFile or passwordFile"
                    : "neither passwordFile nor credentialFile is set",
           "set credentialFile alone, or passwordFile with username or usernameFile");
  }
  const std::int64_t expiresAt = expiryOf(request, host);
  if (!credentialFile.empty()) return emitFromFile(credentialFile, request.registry(), expiresAt, host);
  if (passwordFile.empty()) refuse("passwordFile is not set", "set it, or credentialFile alone");
  if (username.empty() == usernameFile.empty()) refuse("not exactly one of username and usernameFile is set", "");
  host.emit(username.empty() ? lineOf("usernameFile", usernameFile, host) : username,
            lineOf("passwordFile", passwordFile, host), expiresAt);
}

std::optional<std::string_view> singleLine(std::string_view content) {
  if (!content.empty() && content.back() == '\n') content.remove_suffix(1);
  if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
  if (content.empty() || content.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  return content;
}

std::optional<std::int64_t> parseUtc(std::string_view text) {
  static constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kShape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != kShape[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t digits) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const std::int64_t year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  const int hour = number(11, 2);
  const int minute = number(14, 2);
  const int second = number(17, 2);
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (day > kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) return std::nullopt;
  std::int64_t days = (year - 1970) * 365 + (year - 1969) / 4 - (year - 1901) / 100 + (year - 1601) / 400;
  for (int m = 1; m < month; ++m) days += kDays[static_cast<std::size_t>(m - 1)] + (m == 2 && leap ? 1 : 0);
  return ((days + day - 1) * 24 + hour) * 3600 + minute * 60 + second;
}

std::string pointerToken(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

}  // namespace rcb::static_token
