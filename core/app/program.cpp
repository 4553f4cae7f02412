#include "core/app/program.hpp"

#include "core/app/command_line.hpp"
#include "core/app/help_text.hpp"
#include "core/broker/answer.hpp"
#include "core/broker/load_broker.hpp"
#include "core/commands/explain.hpp"
#include "core/commands/provider_list.hpp"
#include "core/commands/validate.hpp"
#include "core/commands/version.hpp"
#include "core/net/https_client.hpp"
#include "core/process/standard_streams.hpp"
#include "core/process/watchdog.hpp"
#include "core/report/error_report.hpp"
#include "core/report/style.hpp"
#include "core/settings/broker_schema.hpp"
#include "core/settings/reference_tables.hpp"
#include "core/support/error.hpp"
#include "core/support/program_version.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

namespace rcb {
namespace {

constexpr std::string_view kName = "registry-credential-broker";

UnixTime systemTime() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

// The deadline of validate as a whole; each rule has the deadline of the file.
constexpr std::chrono::seconds kValidateLimit{50};

// The one line of a run that failed: JSON for a caller who asked for it, else a line for the log, its prefix red on a terminal.
void tell(LineWriter& errors, const Error& error, const Invocation& invocation) {
  if (asksForJson(invocation.arguments)) return errors.write(errorJson(error));
  const Style style = styleFor(::isatty(invocation.errors) != 0, invocation.environment);
  errors.write(fmt::format("{} {}\n", style.paint(Tone::kBad, fmt::format("{}:", kName)), error.line()));
}

BrokerSource sourceOf(const CommandLine& line, const Invocation& invocation) {
  return {.configFile = line.configFile, .environment = invocation.environment, .dropIns = invocation.dropIns};
}

// The run for the kubelet: one request in, one response out.
void answerKubelet(const CommandLine& line, const Invocation& invocation, LineWriter& errors) {
  const auto start = Deadline::Clock::now();
  enterStage("reading the broker file");
  ProviderSet providers(invocation.builtins);
  Broker broker = loadBrokerOrRefuse(sourceOf(line, invocation), providers);
  const Deadline deadline = Deadline::at(start + broker.config.deadline);
  const Watchdog watchdog(deadline);

  enterStage("reading the request from stdin");
  const Request request = parseRequest(readAll(invocation.input, kRequestLimit, deadline).reveal());
  narrowTo(broker, request.image);
  const std::size_t winner = selectOrRefuse(broker.config, request.image);
  const Rule& rule = broker.config.rules[broker.config.patterns[winner].rule];
  const Log log(broker.config.logLevel,
                [&errors](std::string_view text) { errors.write(fmt::format("{}: {}\n", kName, text)); });
  for (const std::string& note : broker.notes) log.write(LogLevel::kWarn, note);
  HttpsClient http({.tls = rule.tls,
                    .environment = networkEnvironment(broker, invocation.environment),
                    .userAgent = fmt::format("registry-credential-broker/{}", kProgramVersion),
                    .retry = broker.retry,
                    .randomSeed = static_cast<std::uint32_t>(start.time_since_epoch().count()),
                    .now = systemTime},
                   log);
  const Response response = answerRequest(broker.config, winner, request, providers,
                                          {.http = http, .log = log, .deadline = deadline, .now = systemTime});
  enterStage("writing the answer to stdout");
  if (!writeAll(invocation.output, serialiseResponse(response).reveal(), deadline)) {
    throw Error(ErrorCode::kOutputFailed, "stdout was closed before the answer was written")
        .advise("the caller must read stdout to its end");
  }
}

// The broker file of `validate --config -`. There is no owner or mode to check: the caller chose what stdin is.
Secret readBrokerFile(int input) {
  enterStage("reading the broker file from stdin");
  try {
    return readAll(input, kBrokerFileLimit, Deadline::after(BrokerConfig{}.deadline));
  } catch (const Error& error) {
    throw Error(ErrorCode::kFileUnreadable, "the broker file on stdin cannot be read: " + error.message())
        .advise("write the file into stdin and close it, at most " + std::to_string(kBrokerFileLimit >> 20) + " MiB");
  }
}

std::vector<ProviderDescription> builtinDescriptions(ProviderSet& providers) {
  std::vector<ProviderDescription> descriptions;
  for (const std::string_view name : providers.builtinNames()) {
    descriptions.push_back(providers.open(std::string(name)).description());
  }
  return descriptions;
}

int runCommand(const CommandLine& line, const Invocation& invocation, LineWriter& errors) {
  // A reader that closes stdout early (`| head`, `| grep -q`) does not fail the command: the exit status is the report's.
  const auto print = [&](std::string_view text) {
    const Deadline deadline = Deadline::after(BrokerConfig{}.deadline);
    const Watchdog watchdog(deadline);
    enterStage("writing to stdout");
    static_cast<void>(writeAll(invocation.output, text, deadline));
  };
  const Style style = styleFor(::isatty(invocation.output) != 0, invocation.environment);
  ProviderSet providers(invocation.builtins);
  switch (line.command) {
    case Command::kAnswer: {
      if (::isatty(invocation.input) != 0) {
        print(helpText(commandTable().front()));
        return 0;
      }
      answerKubelet(line, invocation, errors);
      return 0;
    }
    case Command::kValidate: {
      const Watchdog watchdog(Deadline::after(kValidateLimit));
      ValidationRequest request{.source = sourceOf(line, invocation),
                                .openFiles = !line.skipFiles,
                                .json = line.json,
                                .style = style,
                                .now = systemTime()};
      if (line.configFile == kStandardInput) request.text = readBrokerFile(invocation.input);
      const Validation validation = validateBroker(std::move(request), providers);
      print(validation.report);
      return validation.valid ? 0 : static_cast<int>(ErrorKind::kConfig);
    }
    case Command::kExplain: {
      const ExplainRequest request{line.image, line.namespaceName, line.serviceAccount, line.tokenFile,
                                   line.annotations};
      Broker broker = loadBrokerOrRefuse(sourceOf(line, invocation), providers);
      const Watchdog watchdog(Deadline::after(broker.config.deadline));
      const Environment environment = networkEnvironment(broker, invocation.environment);
      const Explanation explanation = explainImage(request, std::move(broker), environment, providers, systemTime());
      print(line.json ? explanation.json() : explanation.text(style));
      return explanation.status;
    }
    case Command::kProviders:
      print(listProviders(providers, line.json));
      return 0;
    case Command::kShowProvider:
      print(showProvider(providers, line.provider, line.json));
      return 0;
    case Command::kRenderSchema:
      print(brokerSchema(builtinDescriptions(providers)));
      return 0;
    case Command::kRenderReference:
      print(referenceTables(builtinDescriptions(providers)));
      return 0;
    case Command::kVersion:
      print(versionText(line.json));
      return 0;
    case Command::kHelp:
      print(line.text);
      return 0;
  }
  throw Error(ErrorCode::kInternal, "a command without an implementation");
}

}  // namespace

int runProgram(const Invocation& invocation) {
  LineWriter errors(invocation.errors);
  const Watchdog watchdog(Deadline::after(BrokerConfig{}.deadline));
  try {
    return runCommand(parseCommandLine(invocation.arguments), invocation, errors);
  } catch (const Error& error) {
    tell(errors, error, invocation);
    return static_cast<int>(error.kind());
  } catch (const std::exception&) {
    // The message of a library's exception may contain anything, a secret too.
    tell(errors, Error(ErrorCode::kInternal, fmt::format("unexpected failure while {}", currentStage())), invocation);
    return static_cast<int>(ErrorKind::kInternal);
  }
}

}  // namespace rcb
