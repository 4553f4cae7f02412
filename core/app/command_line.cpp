#include "core/app/command_line.hpp"

#include "core/support/error.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace rcb {
namespace {

// The parser and the values that its options point into.
class Parser {
 public:
  Parser() : app_("Trades a pod's service account token for a short-lived registry credential.") {
    app_.name("registry-credential-broker");
    app_.footer(
        "Without a command it is a kubelet credential provider: it reads one CredentialProviderRequest on stdin and\n"
        "writes one CredentialProviderResponse on stdout.");
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.add_option("--config", line_.configFile,
                    "The broker file; default /etc/registry-credential-broker/config.yaml")
        ->take_last();
    app_.add_flag("-v,--version", version_, "Print the version");

    CLI::App* validate =
        add(app_, "validate", "Check all that a run would refuse, without any network; --config - reads stdin",
            Command::kValidate);
    validate->add_flag("--skip-files", line_.skipFiles,
                       "Do not open the files that the broker file names: they are elsewhere");

    CLI::App* explain =
        add(app_, "explain", "Say what would happen for an image, without any network", Command::kExplain);
    explain->add_option("image", line_.image, "The image, with its registry host")->required();
    explain->add_option("--namespace", line_.namespaceName, "The pod's namespace");
    explain->add_option("--service-account", line_.serviceAccount, "The pod's service account");
    explain->add_option("--annotation", annotations_, "KEY=VALUE of the service account; may be repeated");
    explain->add_option("--token-file", line_.tokenFile, "A service account token to take the identity from");

    CLI::App* providers = add(app_, "providers", "List the built-in providers", Command::kProviders);
    CLI::App* show = add(*providers, "show", "Describe a provider and its settings", Command::kShowProvider);
    show->add_option("name", line_.provider, "A built-in name, or the absolute path of a module")->required();

    CLI::App* render = app_.add_subcommand("render", "Print what is made from the program's own tables");
    render->require_subcommand(1);
    add(*render, "schema", "The JSON schema of the broker file", Command::kRenderSchema);
    add(*render, "reference", "The reference tables of the documentation, in Markdown", Command::kRenderReference);

    add(app_, "version", "Print the version", Command::kVersion);
  }

  CommandLine parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
      app_.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      line_.command = Command::kHelp;
      line_.text = app_.help();
      return line_;
    } catch (const CLI::ParseError& error) {
      throw Error(ErrorCode::kUsage, error.what()).advise("run registry-credential-broker --help");
    }
    line_.json = output_ == "json";
    if (line_.configFile == kStandardInput && line_.command != Command::kValidate) {
      throw Error(ErrorCode::kUsage, "--config - is for validate only").advise("name the broker file by its path");
    }
    if (version_ && line_.command == Command::kAnswer) line_.command = Command::kVersion;
    for (const std::string& annotation : annotations_) {
      const auto equals = annotation.find('=');
      if (equals == 0 || equals == std::string::npos) {
        throw Error(ErrorCode::kUsage, "--annotation needs KEY=VALUE, not " + annotation);
      }
      line_.annotations.emplace_back(annotation.substr(0, equals), annotation.substr(equals + 1));
    }
    return line_;
  }

  std::string help() const { return app_.help(); }

 private:
  CLI::App* add(CLI::App& parent, const char* name, const char* description, Command command) {
    CLI::App* subcommand = parent.add_subcommand(name, description);
    subcommand->parse_complete_callback([this, command] {
      // Called from the inside out; the innermost command is the one that was meant.
      if (line_.command == Command::kAnswer) line_.command = command;
    });
    subcommand->add_option("--output", output_, "text or json")->check(CLI::IsMember({"text", "json"}));
    return subcommand;
  }

  CommandLine line_;
  bool version_ = false;
  std::string output_ = "text";
  std::vector<std::string> annotations_;
  CLI::App app_;
};

}  // namespace

CommandLine parseCommandLine(const std::vector<std::string>& arguments) {
  // What a kubelet starts needs no parser of commands, which would be built for nothing, in a tenth of a millisecond.
  CommandLine line;
  if (arguments.empty()) return line;
  if (arguments.size() == 2 && arguments[0] == "--config" && arguments[1].starts_with('/')) {
    line.configFile = arguments[1];
    return line;
  }
  return Parser().parse(arguments);
}

std::string helpText() { return Parser().help(); }

}  // namespace rcb
