#include "tests/scenarios/scenario.hpp"

#include "core/support/duration.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("scenario: " + what); }

std::string text(const Json& value, const std::string& name) {
  if (value.string() == nullptr) refuse(name + " is not a string");
  return std::string(*value.string());
}

// The members of an object, each read by name. finish() refuses members that were not read.
class Members {
 public:
  // Null has no members.
  Members(const Json* object, std::string name) : object_(object), name_(std::move(name)) {
    if (object_ != nullptr && object_->object() == nullptr) refuse(name_ + " is not an object");
  }

  const Json* take(const std::string& key) {
    taken_.insert(key);
    return object_ == nullptr ? nullptr : object_->find(key);
  }
  Members members(const std::string& key) { return {take(key), key}; }
  std::optional<std::string> takeText(const std::string& key) {
    const Json* value = take(key);
    return value == nullptr ? std::nullopt : std::optional(text(*value, key));
  }
  std::optional<int> takeNumber(const std::string& key) {
    const Json* value = take(key);
    if (value == nullptr) return std::nullopt;
    if (value->integer() == nullptr) refuse(key + " is not an integer");
    return static_cast<int>(*value->integer());
  }
  bool takeFlag(const std::string& key) {
    const Json* value = take(key);
    return value != nullptr && value->boolean() != nullptr && *value->boolean();
  }
  template <class Read>
  auto takeList(const std::string& key, Read read) {
    std::vector<decltype(read(Json(), key))> list;
    const Json* value = take(key);
    if (value != nullptr && value->array() == nullptr) refuse(key + " is not a list");
    if (value == nullptr) return list;
    for (const Json& element : *value->array()) list.push_back(read(element, key));
    return list;
  }
  void forEach(const std::function<void(const std::string&, const Json&)>& visit) const {
    if (object_ == nullptr) return;
    for (const auto& [key, value] : *object_->object()) visit(std::string(key), value);
  }
  void finish() const {
    forEach([this](const std::string& key, const Json&) {
      if (taken_.count(key) == 0) refuse(name_ + " has no member " + key);
    });
  }

 private:
  const Json* object_;
  std::string name_;
  std::set<std::string> taken_;
};

template <class Enumerator>
Enumerator named(const std::map<std::string, Enumerator>& names, const Json& value, const std::string& name) {
  const auto found = names.find(text(value, name));
  if (found == names.end()) refuse(name + " has an unknown value: " + text(value, name));
  return found->second;
}

Fault fault(const Json& value, const std::string& name) {
  using enum Fault;
  static const std::map<std::string, Fault> kNames = {
      {"none", kNone},
      {"stall before handshake", kStallBeforeHandshake},
      {"stall before headers", kStallBeforeHeaders},
      {"stall in body", kStallInBody},
      {"drip", kDrip},
      {"reset before handshake", kResetBeforeHandshake},
      {"reset after request", kResetAfterRequest},
      {"close in body", kCloseInBody},
      {"cut in body", kCutInBody},
      {"cut after answer", kCutAfterAnswer},
      {"oversized", kOversized},
      {"oversized headers", kOversizedHeaders},
      {"not HTTP", kNotHttp},
      {"not TLS", kNotTls},
  };
  return named(kNames, value, name);
}

ProxyFault proxyFault(const Json& value, const std::string& name) {
  using enum ProxyFault;
  static const std::map<std::string, ProxyFault> kNames = {
      {"none", kNone},   {"forbidden", kForbidden}, {"bad gateway", kBadGateway},         {"stall", kStall},
      {"reset", kReset}, {"not HTTP", kNotHttp},    {"wants Negotiate", kWantsNegotiate},
  };
  return named(kNames, value, name);
}

// "issue", or status, headers and body, or the raw bytes of all.
std::optional<ServerReply> answer(const Json& value, const std::string& name) {
  if (value.string() != nullptr && *value.string() == "issue") return std::nullopt;
  Members members(&value, name);
  ServerReply reply;
  reply.status = members.takeNumber("status").value_or(200);
  reply.body = members.takeText("body").value_or("");
  reply.raw = members.takeText("raw").value_or("");
  members.members("headers").forEach([&reply](const std::string& header, const Json& content) {
    reply.headers.emplace_back(header, text(content, header));
  });
  members.finish();
  return reply;
}

Scenario::Exchange exchange(const Json& value, const std::string& name) {
  Members members(&value, name);
  Scenario::Exchange read;
  read.organization = members.takeText("organization").value_or("");
  read.service = members.takeText("service").value_or("");
  read.status = members.takeNumber("status").value_or(0);
  members.finish();
  return read;
}

void readExchange(Members given, Scenario& scenario) {
  scenario.answers = given.takeList("answers", answer);
  scenario.faults = given.takeList("faults", fault);
  scenario.certificateNames = given.takeList("certificateNames", text);
  scenario.certificateExpired = given.takeFlag("certificateExpired");
  const auto life = given.takeText("tokenLife");
  const auto ahead = given.takeText("clockAhead");
  if (life || ahead) {
    scenario.policy = R"({"clockAhead":")" + ahead.value_or("0s") + R"(","tokenLife":)" +
                      (life == "unstated" ? "null" : '"' + life.value_or("90m") + '"') + "}";
  }
  given.finish();
}

void readProxy(Members given, Scenario& scenario) {
  scenario.proxyFaults = given.takeList("faults", proxyFault);
  scenario.proxyCredentials = given.takeText("credentials").value_or("");
  given.finish();
}

void readValues(const Members& members, Scenario& scenario) {
  members.forEach(
      [&scenario](const std::string& name, const Json& value) { scenario.values[name] = text(value, name); });
}

void readGiven(Members given, Scenario& scenario) {
  readValues(given.members("values"), scenario);
  if (given.take("arguments") != nullptr) scenario.arguments = given.takeList("arguments", text);
  given.members("environment").forEach([&scenario](const std::string& variable, const Json& value) {
    scenario.environment[variable] = value.isNull() ? std::nullopt : std::optional(text(value, variable));
  });
  given.members("modes").forEach([&scenario](const std::string& file, const Json& value) {
    scenario.modes[file] = static_cast<mode_t>(std::stoul(text(value, file), nullptr, 8));
  });
  scenario.missingCalls = given.takeList("missingCalls", text);
  scenario.stdinStaysOpen = given.takeFlag("stdinStaysOpen");
  scenario.stdoutFile = given.takeText("stdoutFile").value_or("");
  readExchange(given.members("exchange"), scenario);
  readProxy(given.members("proxy"), scenario);
  given.finish();
}

void readExpectation(Members expect, Scenario& scenario) {
  scenario.exit = expect.takeNumber("exit").value_or(0);
  scenario.response = expect.take("response");
  scenario.output = expect.takeText("output");
  scenario.error = expect.takeText("error");
  if (const auto within = expect.takeText("within")) scenario.within = parseDuration(*within).value();
  scenario.memoryMiB = expect.takeNumber("memoryMiB");
  scenario.connections = expect.takeNumber("connections");
  scenario.exchanges = expect.takeList("exchanges", exchange);
  scenario.requests = expect.takeList("requests", text);
  scenario.proxied = expect.takeList("proxied", text);
  expect.finish();
}

void readFiles(const fs::path& folder, std::map<std::string, std::string>& files) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[fs::relative(entry.path(), folder)] = content.str();
  }
}

// Removes the file.
Json takeJson(std::map<std::string, std::string>& files, const std::string& name) {
  const auto file = files.extract(name);
  if (!file) refuse(name + " is missing");
  auto parsed = parseJson(file.mapped());
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) refuse(name + ": " + problem->reason);
  return std::move(std::get<Json>(parsed));
}

}  // namespace

Scenario readScenario(const std::string& scenariosFolder, const std::string& name, bool loadsModules) {
  Scenario scenario;
  readFiles(scenariosFolder + "/defaults", scenario.files);
  readFiles(scenariosFolder + "/cases/" + name, scenario.files);
  const Json values = takeJson(scenario.files, "values.json");
  readValues(Members(&values, "values.json"), scenario);
  scenario.description = takeJson(scenario.files, "scenario.json");
  Members members(&scenario.description, "it");
  scenario.proves = members.takeText("proves").value_or("");
  if (scenario.proves.empty()) refuse("it does not say what it proves");
  readGiven(members.members("given"), scenario);
  scenario.withoutModules = members.take("withoutModules") != nullptr && !loadsModules;
  members.take("expect");
  readExpectation(members.members(scenario.withoutModules ? "withoutModules" : "expect"), scenario);
  members.finish();
  if (const auto output = scenario.files.extract("output.txt")) scenario.output = output.mapped();
  if (const auto errors = scenario.files.extract("errors.txt")) scenario.errors = errors.mapped();
  return scenario;
}

}  // namespace rcb::test
