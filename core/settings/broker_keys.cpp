#include "core/settings/broker_keys.hpp"

namespace rcb {
namespace {

constexpr std::string_view kFilePattern = "/.+";
constexpr std::string_view kFileShape = "an absolute path";

constexpr std::string_view kVersions[] = {"registry-credential-broker/v1alpha1"};
constexpr std::string_view kKinds[] = {"BrokerConfig"};
constexpr std::string_view kLogLevels[] = {"debug", "info", "warn", "error"};  // in the order of LogLevel
constexpr std::string_view kConfinements[] = {"available", "required"};
constexpr std::string_view kIdentities[] = {"serviceAccount", "none"};
constexpr std::string_view kCaModes[] = {"add", "replace"};

constexpr KeySpec kAllowKeys[] = {
    {.name = "namespace",
     .required = true,
     .summary = "The namespace. `*` matches any run of characters, `?` a single one; `\"*\"` allows every namespace.",
     .pattern = "[a-z0-9*?-]{1,253}",
     .shape = "a valid namespace pattern (lowercase letters, digits, -, * and ?)",
     .whenMissing = "use \"*\" to allow every namespace"},
    {.name = "serviceAccount",
     .defaultValue = "*",
     .summary = "The service account's name, with the same wildcards.",
     .pattern = "[a-z0-9.*?-]{1,253}",
     .shape = "a valid service account pattern (lowercase letters, digits, -, ., * and ?)"},
};

constexpr KeySpec kBindingKeys[] = {
    {.name = "setting", .required = true, .summary = "The module's setting that the annotation may set."},
    {.name = "oneOf",
     .type = KeyType::kTextList,
     .summary =
         "The allowed values. Without it, any value that the setting's own pattern allows. Required for settings that "
         "the module does not open to annotations."},
};

constexpr KeySpec kTlsKeys[] = {
    {.name = "caFile",
     .summary = "PEM file of the certificate authorities to trust.",
     .pattern = kFilePattern,
     .shape = kFileShape},
    {.name = "caMode",
     .type = KeyType::kChoice,
     .defaultValue = "add",
     .summary = "Whether `caFile` is added to the system's trusted authorities or replaces them.",
     .choices = kCaModes,
     .needs = "caFile"},
    {.name = "clientCertificateFile",
     .summary = "PEM file of the client certificate and its intermediate certificates.",
     .pattern = kFilePattern,
     .shape = kFileShape,
     .needs = "clientKeyFile"},
    {.name = "clientKeyFile",
     .summary = "PEM file of the client certificate's private key, not encrypted.",
     .pattern = kFilePattern,
     .shape = kFileShape,
     .needs = "clientCertificateFile"},
};

constexpr KeySpec kRuleKeys[] = {
    {.name = "name",
     .required = true,
     .summary = "The rule's name in logs, errors and `explain`; must be unique.",
     .pattern = "[a-z0-9][a-z0-9-]{0,62}",
     .shape = "a valid rule name (lowercase letters, digits and -, at most 63 characters)"},
    {.name = "module",
     .required = true,
     .summary = "The name of a built-in provider or of a module in a module folder, or the absolute path of a shared "
                "library.",
     .pattern = "[a-z][a-z0-9-]{0,62}|/.+",
     .shape = "the name of a provider or an absolute path"},
    {.name = "matchImages",
     .type = KeyType::kTextList,
     .required = true,
     .summary = "The images that the rule answers for, in the syntax of the kubelet's `matchImages`."},
    {.name = "identity",
     .type = KeyType::kChoice,
     .defaultValue = kIdentities[0],
     .summary =
         "Whose identity the rule uses: that of the pod's service account, whose token is then required, or none.",
     .choices = kIdentities},
    {.name = "audience",
     .required = true,
     .summary = "The audience that the token must be issued for: the kubelet entry's `serviceAccountTokenAudience`.",
     .onlyIfKey = "identity",
     .onlyIf = kIdentities[0]},
    {.name = "allow",
     .type = KeyType::kObjectList,
     .summary = "The service accounts that may use the rule. Without it, every one that the kubelet asks for.",
     .object = &kAllowObject,
     .onlyIfKey = "identity",
     .onlyIf = kIdentities[0]},
    {.name = "settings",
     .type = KeyType::kSettingMap,
     .summary = "The module's own settings, each a value, a list of values, or a map of names and values."},
    {.name = "annotations",
     .type = KeyType::kObjectMap,
     .summary = "Which annotations of the service account may set which settings. They override `settings`.",
     .pattern = "(?=[^/]{1,253}/|[^/]*$)([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?/)?"
                "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
     .shape = "a valid annotation key",
     .object = &kBindingObject},
    {.name = "tls",
     .type = KeyType::kObject,
     .summary = "TLS options of the rule's connections.",
     .object = &kTlsObject},
    {.name = "maxCacheDuration",
     .type = KeyType::kDuration,
     .defaultValue = "12h",
     .summary = "The longest time that the kubelet may cache a credential; one that expires sooner is cached for less.",
     .minimum = "0s",
     .maximum = "24h"},
};

constexpr KeySpec kBrokerKeys[] = {
    {.name = "apiVersion",
     .type = KeyType::kChoice,
     .required = true,
     .summary = "The version of this file's format.",
     .choices = kVersions},
    {.name = "kind", .type = KeyType::kChoice, .required = true, .summary = "What the file is.", .choices = kKinds},
    {.name = "deadline",
     .type = KeyType::kDuration,
     .defaultValue = "10s",
     .summary = "The time limit of a run. The kubelet itself kills a run after 60 s.",
     .minimum = "1s",
     .maximum = "50s"},
    {.name = "logLevel",
     .type = KeyType::kChoice,
     .defaultValue = "warn",
     .summary = "What is logged to stderr, which the kubelet keeps only if the run fails.",
     .choices = kLogLevels},
    {.name = "confinement",
     .type = KeyType::kChoice,
     .defaultValue = "available",
     .summary =
         "Whether a run goes on where the kernel or the place lets the program give up only a part of its rights "
         "before it uses the network.",
     .choices = kConfinements},
    {.name = "providers",
     .type = KeyType::kObjectList,
     .required = true,
     .summary = "The rules, in any order. Of those that match an image, the most specific one answers.",
     .object = &kRuleObject},
};

}  // namespace

const ObjectSpec kAllowObject = {.name = "allow",
                                 .title = "`providers[].allow[]`",
                                 .summary = "One or several service accounts.",
                                 .keys = kAllowKeys};

const ObjectSpec kBindingObject = {.name = "annotation",
                                   .title = "`providers[].annotations.KEY`",
                                   .summary = "What an annotation of the pod's service account may set.",
                                   .keys = kBindingKeys};

const ObjectSpec kTlsObject = {.name = "tls",
                               .title = "`providers[].tls`",
                               .summary = "TLS options of the rule's connections. Certificates are always verified.",
                               .keys = kTlsKeys};

const ObjectSpec kRuleObject = {
    .name = "rule",
    .title = "`providers[]`",
    .summary = "A rule: which images it answers for, through which module, with which settings.",
    .keys = kRuleKeys};

const ObjectSpec kBrokerObject = {
    .name = "broker", .title = "The file", .summary = "The broker file.", .keys = kBrokerKeys};

}  // namespace rcb
