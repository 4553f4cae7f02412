#include "core/modules/abi_text.hpp"
#include "core/modules/host_services.hpp"
#include "core/net/digest.hpp"
#include "core/net/http_date.hpp"
#include "core/support/base64.hpp"
#include "core/support/date_time.hpp"
#include "core/support/hex.hpp"
#include "core/support/json_string.hpp"
#include "core/support/percent_coding.hpp"
#include "core/support/utf8.hpp"

#include <fmt/format.h>

#include <utility>

namespace rcb {
namespace {

bool isBase64(std::uint32_t encoding) { return encoding == RCB_ENCODING_BASE64 || encoding == RCB_ENCODING_BASE64URL; }

// In the alphabet that its characters are of.
std::optional<Secret> decodeAnyBase64(std::string_view text) {
  const bool ofUrl = text.find_first_of("-_") != std::string_view::npos;
  return decodeBase64(text, ofUrl ? Base64Alphabet::kUrl : Base64Alphabet::kStandard);
}

ArgumentFault unknown(const char* what, std::uint32_t value) {
  return ArgumentFault(fmt::format("the unknown {} {}", what, value));
}

}  // namespace

rcb_status HostServices::encode(std::uint32_t encoding, std::string_view bytes, rcb_text& text) {
  Secret encoded;
  switch (encoding) {
    case RCB_ENCODING_BASE64:
      encoded = encodeBase64(bytes);
      break;
    case RCB_ENCODING_BASE64URL:
      encoded = encodeBase64(bytes, Base64Alphabet::kUrl);
      break;
    case RCB_ENCODING_HEX:
      encoded = encodeHex(bytes);
      break;
    case RCB_ENCODING_PERCENT:
      encoded = encodePercent(bytes);
      break;
    case RCB_ENCODING_JSON:
      if (!isUtf8(bytes))
        throw unusable("string for JSON", likelyOriginOf(bytes), {*encodingFault(bytes), "save it as UTF-8"});
      encoded = encodeJsonString(bytes);
      break;
    default:
      throw unknown("encoding", encoding);
  }
  const std::string_view kept = keepConverted(bytes, std::move(encoded));
  // What is written so are user names and passwords that the module has put together, of parts too short to be recognized.
  if (isBase64(encoding)) secrets_.add(kept);
  text = raw(kept);
  return RCB_OK;
}

rcb_status HostServices::decode(std::uint32_t encoding, std::string_view text, rcb_text& bytes) {
  std::optional<Secret> decoded;
  switch (encoding) {
    case RCB_ENCODING_BASE64:
    case RCB_ENCODING_BASE64URL:
      decoded = decodeAnyBase64(text);
      break;
    case RCB_ENCODING_HEX:
      decoded = decodeHex(text);
      break;
    case RCB_ENCODING_PERCENT:
      decoded = decodePercent(text);
      break;
    case RCB_ENCODING_JSON:
      decoded = decodeJsonString(text);
      break;
    default:
      throw unknown("encoding", encoding);
  }
  if (!decoded) return RCB_ABSENT;
  const std::string_view kept = keepConverted(text, std::move(*decoded));
  if (isBase64(encoding)) secrets_.addContent(kept);
  bytes = raw(kept);
  return RCB_OK;
}

rcb_status HostServices::digest(std::string_view bytes, rcb_text& digest) {
  digest = raw(keepConverted(bytes, sha256(bytes)));
  return RCB_OK;
}

rcb_status HostServices::authenticate(std::string_view key, std::string_view bytes, rcb_text& code) {
  const std::string_view kept = keepMade(key, hmacSha256(key, bytes));
  secrets_.add(kept);
  code = raw(kept);
  return RCB_OK;
}

rcb_status HostServices::parseTime(std::string_view text, std::int64_t& seconds) const {
  auto time = parseRfc3339(text);
  if (!time) time = parseHttpDate(text, now());
  if (!time || *time < UnixTime() || *time > kLatestTime) return RCB_ABSENT;
  seconds = time->time_since_epoch().count();
  return RCB_OK;
}

rcb_status HostServices::formatTime(std::uint32_t format, std::int64_t seconds, rcb_text& text) {
  if (format > RCB_TIME_BASIC) throw unknown("format", format);
  if (seconds < 0 || seconds > kLatestTime.time_since_epoch().count()) return RCB_ABSENT;
  const UnixTime time{std::chrono::seconds(seconds)};
  std::string written;
  if (format == RCB_TIME_RFC3339) written = formatRfc3339(time);
  if (format == RCB_TIME_HTTP) written = formatHttpDate(time);
  if (format == RCB_TIME_BASIC) written = formatBasicTime(time);
  text = raw(buffers_.keepPartOf(std::string_view(), Secret(written)));
  return RCB_OK;
}

}  // namespace rcb
