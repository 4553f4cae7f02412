#include "core/doctor/diagnosis.hpp"

#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace rcb {
namespace {

constexpr std::size_t kLineLimit = 1000;
constexpr std::array kVerdicts = {Verdict::kPass, Verdict::kWarn, Verdict::kFail, Verdict::kSkip};

// Four characters each, so that a column of them needs no padding.
std::string painted(Verdict verdict, const Style& style) {
  const std::string_view name = verdictName(verdict);
  switch (verdict) {
    case Verdict::kPass:
      return style.paint(Tone::kGood, name);
    case Verdict::kWarn:
      return style.paint(Tone::kWarning, name);
    case Verdict::kFail:
      return style.paint(Tone::kBad, name);
    case Verdict::kSkip:
      break;
  }
  return std::string(name);
}

std::optional<Verdict> verdictOf(std::string_view name) {
  const auto* const found =
      std::find_if(kVerdicts.begin(), kVerdicts.end(), [name](Verdict one) { return verdictName(one) == name; });
  return found == kVerdicts.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
    case Verdict::kSkip:
      break;
  }
  return "skip";
}

void Diagnosis::add(std::string_view check, Verdict verdict, std::string_view what, std::string_view fix) {
  findings_.push_back({std::string(check), verdict, printable(what, kLineLimit), printable(fix, kLineLimit)});
}

void Diagnosis::fail(std::string_view check, const Error& error) {
  fail(check, fmt::format("{} (code={})", error.message(), error.slug()),
       error.advice().empty() ? fmt::format("look {} up in docs/operations.md", error.slug()) : error.advice());
}

void Diagnosis::add(std::vector<CheckFinding> findings) {
  std::move(findings.begin(), findings.end(), std::back_inserter(findings_));
}

bool Diagnosis::has(std::string_view check, Verdict verdict) const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const CheckFinding& one) { return one.check == check && one.verdict == verdict; });
}

Verdict Diagnosis::verdict() const {
  const auto found = [this](Verdict verdict) {
    return std::any_of(findings_.begin(), findings_.end(),
                       [verdict](const CheckFinding& one) { return one.verdict == verdict; });
  };
  if (found(Verdict::kFail)) return Verdict::kFail;
  return found(Verdict::kWarn) ? Verdict::kWarn : Verdict::kPass;
}

int Diagnosis::status() const { return verdict() == Verdict::kFail ? static_cast<int>(ErrorKind::kConfig) : 0; }

std::string Diagnosis::text(const Style& style) const {
  std::size_t width = 0;
  for (const CheckFinding& one : findings_) width = std::max(width, one.check.size());
  std::string text;
  for (const CheckFinding& one : findings_) {
    text += fmt::format("{}  {:<{}}  {}\n", painted(one.verdict, style), one.check, width, one.what);
    if (!one.fix.empty()) text += fmt::format("{:{}}fix: {}\n", "", width + 8, one.fix);
  }
  const auto count = [this](Verdict verdict) {
    return std::count_if(findings_.begin(), findings_.end(),
                         [verdict](const CheckFinding& one) { return one.verdict == verdict; });
  };
  std::string sum;
  for (const Verdict verdict : kVerdicts) {
    sum += fmt::format("{}{} {}", sum.empty() ? "" : ", ", count(verdict), verdictName(verdict));
  }
  return text + painted(verdict(), style) + ": " + sum + "\n";
}

std::string Diagnosis::json() const {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.key("checks");
  writer.beginArray();
  for (const CheckFinding& one : findings_) {
    writer.beginObject();
    writer.member("check", one.check);
    writer.member("verdict", verdictName(one.verdict));
    writer.member("what", one.what);
    writer.member("fix", one.fix);
    writer.endObject();
  }
  writer.endArray();
  writer.member("verdict", verdictName(verdict()));
  writer.endObject();
  return text + "\n";
}

std::optional<std::vector<CheckFinding>> findingsIn(std::string_view json) {
  const auto parsed = parseJson(json);
  const Json* document = std::get_if<Json>(&parsed);
  const Json* checks = document == nullptr ? nullptr : document->find("checks");
  if (checks == nullptr || checks->array() == nullptr) return std::nullopt;
  std::vector<CheckFinding> findings;
  for (const Json& one : *checks->array()) {
    const auto member = [&one](std::string_view name) {
      const Json* value = one.find(name);
      return value == nullptr ? nullptr : value->string();
    };
    const auto* check = member("check");
    const auto* verdict = member("verdict");
    const auto* what = member("what");
    const auto* fix = member("fix");
    if (check == nullptr || verdict == nullptr || what == nullptr || fix == nullptr) return std::nullopt;
    const auto known = verdictOf(*verdict);
    if (!known) return std::nullopt;
    findings.push_back({std::string(*check), *known, std::string(*what), std::string(*fix)});
  }
  return findings;
}

}  // namespace rcb
