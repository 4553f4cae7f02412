#include "core/app/program.hpp"

#include "core/app/command_line.hpp"
#include "core/app/help_text.hpp"
#include "core/broker/answer.hpp"
#include "core/broker/load_broker.hpp"
#include "core/commands/doctor.hpp"
#include "core/commands/explain.hpp"
#include "core/commands/import.hpp"
#include "core/commands/install.hpp"
#include "core/commands/module_check.hpp"
#include "core/commands/provider_list.hpp"
#include "core/commands/render_kubelet.hpp"
#include "core/commands/render_rbac.hpp"
#include "core/commands/repetition.hpp"
#include "core/commands/uninstall.hpp"
#include "core/commands/validate.hpp"
#include "core/commands/version.hpp"
#include "core/doctor/pull_secrets.hpp"
#include "core/net/https_client.hpp"
#include "core/node/node_files.hpp"
#include "core/process/confinement.hpp"
#include "core/process/root_folder.hpp"
#include "core/process/standard_streams.hpp"
#include "core/process/watchdog.hpp"
#include "core/report/error_report.hpp"
#include "core/report/style.hpp"
#include "core/settings/broker_schema.hpp"
#include "core/settings/reference_tables.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"
#include "core/support/program_version.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <functional>

namespace rcb {
namespace {

constexpr std::string_view kName = "registry-credential-broker";

UnixTime systemTime() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

// The deadline of validate as a whole; each rule has the deadline of the file.
constexpr std::chrono::seconds kValidateLimit{50};

// The deadline of doctor as a whole; what may hang has a budget of its own (kStepBudget).
constexpr std::chrono::seconds kDoctorLimit{300};

// The one line of a run that failed: JSON for a caller who asked for it, else a line for the log, its prefix red on a terminal.
void tell(LineWriter& errors, const Error& error, const Invocation& invocation) {
  if (asksForJson(invocation.arguments)) return errors.write(errorJson(error));
  const Style style = styleFor(::isatty(invocation.errors) != 0, invocation.environment);
  errors.write(fmt::format("{} {}\n", style.paint(Tone::kBad, fmt::format("{}:", kName)), error.line()));
}

BrokerSource sourceOf(const CommandLine& line, const Invocation& invocation) {
  return {.configFile = line.configFile, .environment = invocation.environment, .dropIns = invocation.dropIns};
}

// Folders of SSL_CERT_DIR may be anywhere and root's alone, and certificates in them are read when a server names their issuers.
ConfinementRequest confinementFor(const Environment& environment) {
  ConfinementRequest request;
  const auto folders = environment.find("SSL_CERT_DIR");
  if (folders == environment.end()) return request;
  request.keepUser = true;
  eachPart(folders->second, ':', [&](std::string_view folder) {
    request.folders.emplace_back(folder);
    return true;
  });
  return request;
}

// The end of all reading of files. What is left of them is read now.
void confineBeforeNetwork(const Invocation& invocation, const Broker& broker, const Environment& environment,
                          SettingFiles& files) {
  if (invocation.confine == nullptr) return;
  files.readAhead();
  enterStage("giving up rights before using the network");
  const Confinement held = invocation.confine(confinementFor(environment));
  if (broker.config.confinementRequired && !held.complete())
    throw confinementMissing("the run cannot be confined", held);
}

// The exit status of a run; one that fails has told why.
template <class Run>
int guarded(const Invocation& invocation, LineWriter& errors, Run run) {
  try {
    return run();
  } catch (const Error& error) {
    tell(errors, error, invocation);
    return static_cast<int>(error.kind());
  } catch (const std::exception&) {
    // The message of a library's exception may contain anything, a secret too.
    tell(errors, Error(ErrorCode::kInternal, fmt::format("unexpected failure while {}", currentStage())), invocation);
    return static_cast<int>(ErrorKind::kInternal);
  }
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
  const Environment environment = networkEnvironment(broker, invocation.environment);
  SettingFiles files;
  HttpsClient http({.tls = rule.tls,
                    .environment = environment,
                    .userAgent = fmt::format("registry-credential-broker/{}", kProgramVersion),
                    .retry = broker.retry,
                    .randomSeed = static_cast<std::uint32_t>(start.time_since_epoch().count()),
                    .now = systemTime,
                    .resolver = resolveWithSystem,
                    .beforeConnecting = [&] { confineBeforeNetwork(invocation, broker, environment, files); }},
                   log);
  const Response response =
      answerRequest(broker.config, winner, request, providers,
                    {.http = http, .log = log, .deadline = deadline, .now = systemTime, .files = files});
  enterStage("writing the answer to stdout");
  if (!writeAll(invocation.output, serialiseResponse(response).reveal(), deadline)) {
    throw Error(ErrorCode::kOutputFailed, "stdout was closed before the answer was written")
        .advise("the caller must read stdout to its end");
  }
}

// The broker file of --config -. There is no owner or mode to check: the caller chose what stdin is.
Secret readBrokerFile(int input) {
  enterStage("reading the broker file from stdin");
  try {
    return readAll(input, kBrokerFileLimit, Deadline::after(BrokerConfig{}.deadline));
  } catch (const Error& error) {
    throw Error(ErrorCode::kFileUnreadable, "the broker file on stdin cannot be read: " + error.message())
        .advise("write the file into stdin and close it, at most " + std::to_string(kBrokerFileLimit >> 20) + " MiB");
  }
}

Broker loadRules(const CommandLine& line, const Invocation& invocation, ProviderSet& providers) {
  const BrokerSource source = sourceOf(line, invocation);
  if (line.configFile != kStandardInput) return loadBrokerOrRefuse(source, providers);
  return brokerOrRefuse(readBroker(readBrokerFile(invocation.input), "stdin", source, providers));
}

// What `render kubelet` tells the kubelet to pass as --config: nothing for the default file and for drafts of it.
std::string brokerFileOnNode(const CommandLine& line) {
  return line.configFile.starts_with('/') && line.configFile != kDefaultBrokerFile ? line.configFile : std::string();
}

std::vector<ProviderDescription> builtinDescriptions(ProviderSet& providers) {
  std::vector<ProviderDescription> descriptions;
  for (const std::string_view name : providers.builtinNames()) {
    descriptions.push_back(providers.open(std::string(name)).description());
  }
  return descriptions;
}

// `install` and `uninstall` wait for a kubelet, twice if they have to go back.
constexpr std::chrono::minutes kNodeLimit{10};
constexpr std::chrono::hours kForever{24 * 365 * 10};

std::string readWhole(const std::string& path, std::string_view what, std::size_t limit) {
  int reason = 0;
  auto content = readNodeFile(path, &reason, limit);
  if (!content) throw fileUnreadable(what, path, std::strerror(reason));
  return std::move(*content);
}

// One installation. Reads what is on this side before it enters the node's file system.
int installOnce(const CommandLine& line, ProviderSet& providers,
                const std::function<void(const InstallReport&)>& print) {
  const Watchdog watchdog(Deadline::after(kNodeLimit));
  InstallRequest request{.layout = {.root = {},
                                    .providerPath = line.kubeletConfig,
                                    .programFolder = line.binDir,
                                    .filesOnly = line.filesOnly},
                         .brokerFile = {},
                         .brokerName = line.configFile,
                         .version = line.kubernetes,
                         .program = readWhole("/proc/self/exe", "program", kNodeEntryLimit),
                         .now = systemTime()};
  if (!line.configFile.empty()) request.brokerFile = readWhole(line.configFile, "broker file", kBrokerFileLimit);
  enterRoot(line.root);
  const InstallMode mode = line.dryRun ? InstallMode::kDryRun : line.check ? InstallMode::kCheck : InstallMode::kApply;
  const InstallReport report = install(request, mode, providers, nodeControl());
  print(report);
  if (!line.check || report.complete()) return 0;
  return static_cast<int>(report.problem.empty() ? ErrorKind::kConfig : ErrorKind::kUnavailable);
}

int runCommand(const CommandLine& line, const Invocation& invocation, LineWriter& errors) {
  // A reader that closes stdout early (`| head`, `| grep -q`) does not fail the command: the exit status is the report's.
  const auto print = [&](std::string_view text) {
    const Deadline deadline = Deadline::after(BrokerConfig{}.deadline);
    const Watchdog watchdog(deadline);
    enterStage("writing to stdout");
    static_cast<void>(writeAll(invocation.output, text, deadline));
  };
  const auto printRendered = [&](const RenderedFile& file) {
    for (const std::string& note : file.notes) errors.write(fmt::format("{}: {}\n", kName, note));
    print(file.text);
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
                                .confinement = availableConfinement(),
                                .now = systemTime()};
      if (line.configFile == kStandardInput) request.text = readBrokerFile(invocation.input);
      if (!line.kubeletConfig.empty()) {
        request.kubelet = KubeletCheckRequest{.path = line.kubeletConfig,
                                              .binFolder = line.binDir,
                                              .version = line.kubernetes,
                                              .openFiles = !line.skipFiles};
      }
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
    case Command::kDoctor: {
      const Watchdog watchdog(Deadline::after(kDoctorLimit));
      if (line.pullSecrets) {
        const PullSecretReport report =
            findPullSecrets(line.kubeconfig, sourceOf(line, invocation), providers, systemTime());
        print(line.json ? report.json() : report.text(style));
        return 0;
      }
      const DoctorRequest request{line.image, line.namespaceName, line.serviceAccount};
      const Diagnosis diagnosis = diagnoseNode(request, sourceOf(line, invocation), providers, systemTime);
      print(line.json ? diagnosis.json() : diagnosis.text(style));
      return diagnosis.status();
    }
    case Command::kImport: {
      const Import imported = importProviders({.file = line.providerFile,
                                               .version = line.kubernetes,
                                               .plugins = invocation.knownPlugins,
                                               .now = systemTime()},
                                              providers);
      print(imported.file);
      for (const std::string& note : imported.notes) errors.write(fmt::format("{}: {}\n", kName, note));
      if (imported.problems.empty()) return 0;
      errors.write(fmt::format("{}: complete the file before you use it\n{}", kName, imported.problems));
      return static_cast<int>(ErrorKind::kConfig);
    }
    case Command::kProviders:
      print(listProviders(providers, line.json));
      return 0;
    case Command::kShowProvider:
      print(showProvider(providers, line.provider, line.json));
      return 0;
    case Command::kCheckModule: {
      const ModuleReport report = checkModule({line.moduleFile, line.scripts}, defaultModuleFolders());
      print(line.json ? report.json() : report.text(style));
      return report.status();
    }
    case Command::kInstall: {
      const auto show = [&](const InstallReport& report) { print(line.json ? report.json() : report.text(style)); };
      if (!line.stay) return installOnce(line, providers, show);
      const Watchdog watchdog(Deadline::after(kForever));
      repeat({.attempt =
                  [&](bool first) {
                    return guarded(invocation, errors, [&] {
                      return installOnce(line, providers, [&](const InstallReport& report) {
                        if (first || !report.complete()) show(report);
                      });
                    });
                  },
              .watched = [&] { return readNodeFile(line.configFile).value_or(""); },
              .killed =
                  [&](int signal) {
                    tell(errors,
                         Error(ErrorCode::kInternal, fmt::format("signal {} ended an attempt to install", signal))
                             .advise("if it is 9, look whether the container's memory limit is too low; the next "
                                     "attempt continues this one"),
                         invocation);
                  }});
      return 0;
    }
    case Command::kUninstall: {
      {
        const Watchdog watchdog(Deadline::after(kNodeLimit));
        enterRoot(line.root);
        const InstallReport report = uninstall({line.filesOnly, line.dryRun}, nodeControl());
        print(line.json ? report.json() : report.text(style));
      }
      if (!line.stay) return 0;
      const Watchdog watchdog(Deadline::after(kForever));
      awaitEnd();
      return 0;
    }
    case Command::kRenderKubelet: {
      const RenderOptions options{
          .version = *line.kubernetes, .brokerFile = brokerFileOnNode(line), .openModules = !line.skipFiles};
      printRendered(renderKubeletFile(loadRules(line, invocation, providers), providers, options, line.json));
      return 0;
    }
    case Command::kRenderRbac:
      printRendered(
          renderAccessRules(loadRules(line, invocation, providers), line.kubernetes.value_or(kNewestKubelet)));
      return 0;
    case Command::kRenderLinks:
      printRendered(renderLinks(loadRules(line, invocation, providers), providers, !line.skipFiles));
      return 0;
    case Command::kRenderSchema:
      print(brokerSchema(builtinDescriptions(providers)));
      return 0;
    case Command::kRenderReference:
      print(referenceTables(builtinDescriptions(providers)));
      return 0;
    case Command::kVersion:
      print(versionText(line.json, availableConfinement()));
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
  return guarded(invocation, errors,
                 [&] { return runCommand(parseCommandLine(invocation.arguments), invocation, errors); });
}

}  // namespace rcb
