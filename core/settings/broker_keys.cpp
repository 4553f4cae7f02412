#include "core/settings/broker_keys.hpp"

namespace rcb {
namespace {

constexpr std::string_view kFilePattern = "/.+";
constexpr std::string_view kFileShape = "an absolute path";

constexpr std::string_view kVersions[] = {"registry-credential-broker/v1alpha1"};
constexpr std::string_view kKinds[] = {"BrokerConfig"};
constexpr std::string_view kLogLevels[] = {"debug", "info", "warn", "error"};  // as LogLevel has them
constexpr std::string_view kIdentities[] = {"serviceAccount", "none"};
constexpr std::string_view kCaModes[] = {"add", "replace"};

constexpr KeySpec kAllowKeys[] = {
    {.name = "namespace",
     .required = true,
     .summary =
         "The namespace; `*` stands for any run of characters, `?` for one. Write `\"*\"` to mean every namespace.",
     .pattern = "[a-z0-9*?-]{1,253}",
     .shape = "the name of a namespace, in which * and ? may stand",
     .whenMissing = "write \"*\" to mean every namespace"},
    {.name = "serviceAccount",
     .defaultValue = "*",
     .summary = "The service account's name, likewise; without it, any.",
     .pattern = "[a-z0-9.*?-]{1,253}",
     .shape = "the name of a service account, in which * and ? may stand"},
};

constexpr KeySpec kBindingKeys[] = {
    {.name = "setting", .required = true, .summary = "The setting of the module that the annotation may set."},
    {.name = "oneOf",
     .type = KeyType::kTextList,
     .summary = "The values that it may have; without it, any that the setting's own pattern allows. Needed for a "
                "setting that its provider does not open to annotations."},
};

constexpr KeySpec kTlsKeys[] = {
    {.name = "caFile", .summary = "PEM file of certificates to trust.", .pattern = kFilePattern, .shape = kFileShape},
    {.name = "caMode",
     .type = KeyType::kChoice,
     .defaultValue = "add",
     .summary = "Whether `caFile` adds to the system's trust or replaces it.",
     .choices = kCaModes,
     .needs = "caFile"},
    {.name = "clientCertificateFile",
     .summary = "PEM file of the chain that the program shows to the server.",
     .pattern = kFilePattern,
     .shape = kFileShape,
     .needs = "clientKeyFile"},
    {.name = "clientKeyFile",
     .summary = "PEM file of its key, not encrypted.",
     .pattern = kFilePattern,
     .shape = kFileShape,
     .needs = "clientCertificateFile"},
};

constexpr KeySpec kRuleKeys[] = {
    {.name = "name",
     .required = true,
     .summary = "What logs, errors and `explain` call the rule; unique.",
     .pattern = "[a-z0-9][a-z0-9-]{0,62}",
     .shape = "a name of at most 63 small letters, digits and '-'"},
    {.name = "module",
     .required = true,
     .summary = "A built-in provider's name, or the absolute path of a shared library.",
     .pattern = "[a-z][a-z0-9-]{0,62}|/.+",
     .shape = "the name of a built-in provider or an absolute path"},
    {.name = "matchImages",
     .type = KeyType::kTextList,
     .required = true,
     .summary = "The images that the rule answers for, as in the kubelet's own file."},
    {.name = "identity",
     .type = KeyType::kChoice,
     .defaultValue = kIdentities[0],
     .summary = "Whose identity the rule acts on: the pod's service account, whose token must then be there, or none.",
     .choices = kIdentities},
    {.name = "audience",
     .required = true,
     .summary = "What the token must be issued for, and what `render kubelet` asks for.",
     .onlyIfKey = "identity",
     .onlyIf = kIdentities[0]},
    {.name = "allow",
     .type = KeyType::kObjectList,
     .summary =
         "Who may use the rule: a service account that one entry names. Without it, whoever the kubelet asks for.",
     .object = &kAllowObject,
     .onlyIfKey = "identity",
     .onlyIf = kIdentities[0]},
    {.name = "settings",
     .type = KeyType::kSettingMap,
     .summary = "The module's own settings: a value each, or a list of values."},
    {.name = "annotations",
     .type = KeyType::kObjectMap,
     .summary = "Which annotations of the service account may set which setting. They win over `settings`.",
     .pattern = "(?=[^/]{1,253}/|[^/]*$)([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?/)?"
                "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
     .shape = "a key that an annotation can have",
     .object = &kBindingObject},
    {.name = "tls", .type = KeyType::kObject, .summary = "TLS of the rule's connections.", .object = &kTlsObject},
    {.name = "maxCacheDuration",
     .type = KeyType::kDuration,
     .defaultValue = "12h",
     .summary = "How long the kubelet may keep a credential at most; one that ends sooner is kept for less.",
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
     .summary = "Limit of a whole run; the kubelet itself ends a run after 60 s.",
     .minimum = "1s",
     .maximum = "50s"},
    {.name = "logLevel",
     .type = KeyType::kChoice,
     .defaultValue = "warn",
     .summary = "What is written to stderr, which the kubelet keeps only of a run that failed.",
     .choices = kLogLevels},
    {.name = "providers",
     .type = KeyType::kObjectList,
     .required = true,
     .summary = "The rules, in any order: of those that match an image, the most specific one answers.",
     .object = &kRuleObject},
};

}  // namespace

const ObjectSpec kAllowObject = {
    .name = "allow", .title = "`providers[].allow[]`", .summary = "A group of service accounts.", .keys = kAllowKeys};

const ObjectSpec kBindingObject = {.name = "annotation",
                                   .title = "`providers[].annotations.KEY`",
                                   .summary = "What one annotation of the pod's service account may do.",
                                   .keys = kBindingKeys};

const ObjectSpec kTlsObject = {.name = "tls",
                               .title = "`providers[].tls`",
                               .summary = "TLS of the rule's connections. That certificates are verified is no choice.",
                               .keys = kTlsKeys};

const ObjectSpec kRuleObject = {.name = "rule",
                                .title = "`providers[]`",
                                .summary = "A rule: for which images, through which provider, with which settings.",
                                .keys = kRuleKeys};

const ObjectSpec kBrokerObject = {
    .name = "broker", .title = "The file", .summary = "The file of registry-credential-broker.", .keys = kBrokerKeys};

}  // namespace rcb
