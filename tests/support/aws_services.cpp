#include "tests/support/aws_services.hpp"

#include "core/support/base64.hpp"
#include "core/support/date_time.hpp"
#include "core/support/json_writer.hpp"
#include "tests/support/aws_signature_verifier.hpp"
#include "tests/support/random_text.hpp"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string_view>

namespace rcb::test {
namespace {

constexpr std::string_view kEcrTarget = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
constexpr std::string_view kEcrPublicTarget = "SpencerFrontendService.GetAuthorizationToken";
constexpr std::string_view kNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

ServerReply xmlReply(int status, std::string body) { return {status, {{"Content-Type", "text/xml"}}, std::move(body)}; }

ServerReply stsError(int status, const std::string& code, const std::string& message) {
  return xmlReply(status, "<ErrorResponse xmlns=\"" + std::string(kNamespace) + "\"><Error><Type>Sender</Type><Code>" +
                              code + "</Code><Message>" + message + "</Message></Error><RequestId>" + randomUid() +
                              "</RequestId></ErrorResponse>");
}

ServerReply ecrError(int status, const std::string& code, const std::string& message) {
  ServerReply reply{status, {{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-RequestId", randomUid()}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.member("__type", "com.amazonaws.ecr#" + code);
  writer.member("message", message);
  writer.endObject();
  return reply;
}

bool isSessionName(const std::string& name) {
  return name.size() >= 2 && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-") ==
             std::string::npos;
}

std::string httpDate(UnixTime time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// Why the form is not a valid request; nothing if it is.
std::optional<std::string> invalidMember(const Form& form) {
  const auto fails = [](const std::string& member) { return "1 validation error detected: " + member; };
  if (firstOf(form, "RoleArn").size() < 20) return fails("roleArn");
  if (!isSessionName(firstOf(form, "RoleSessionName"))) return fails("roleSessionName");
  const auto tokenSize = firstOf(form, "WebIdentityToken").size();
  if (tokenSize < 4 || tokenSize > 20000) return fails("webIdentityToken");
  if (firstOf(form, "Policy").size() > 2048) return fails("policy");
  const std::string duration = form.count("DurationSeconds") > 0 ? firstOf(form, "DurationSeconds") : "3600";
  const long seconds = std::strtol(duration.c_str(), nullptr, 10);
  if (seconds < 900 || seconds > 43200) return fails("durationSeconds");
  if (seconds > 3600) return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
  return std::nullopt;
}

// How STS words what is wrong with a token.
ServerReply tokenRefusal(const std::string& reason) {
  if (reason == "Token has expired.") {
    return stsError(400, "ExpiredTokenException",
                    "Token expired: current date/time must be before the expiration date/time");
  }
  if (reason == "Token is for another audience.") {
    return stsError(400, "InvalidIdentityToken", "Incorrect token audience");
  }
  return stsError(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for the issuer");
}

// The region that an endpoint of AWS is in; nothing for another name, such as one of a VPC endpoint.
std::optional<std::string> regionOf(const std::string& host) {
  for (const std::string_view prefix : {"api.ecr-public.", "api.ecr-fips.", "api.ecr.", "ecr-fips.", "ecr."}) {
    if (host.rfind(prefix, 0) == 0) return host.substr(prefix.size(), host.find('.', prefix.size()) - prefix.size());
  }
  return std::nullopt;
}

}  // namespace

bool AwsServices::serves(const ServerRequest& request) { return request.target == "/"; }

ServerReply AwsServices::answer(const ServerRequest& request) {
  if (request.method != "POST") return {405, {}, ""};
  const std::string target = headerOf(request, "x-amz-target");
  if (target.empty()) return dated(assumeRole(request));
  if (target != kEcrTarget && target != kEcrPublicTarget) return dated(ecrError(400, "UnknownOperationException", ""));
  return dated(authorize(request, target == kEcrPublicTarget));
}

bool AwsServices::accepts(const std::string& password) const {
  const std::scoped_lock lock(mutex_);
  const auto found = passwords_.find(password);
  return found != passwords_.end() && options_.now() < found->second;
}

ServerReply AwsServices::dated(ServerReply reply) const {
  reply.headers.emplace_back("Date", httpDate(options_.now()));
  return reply;
}

std::vector<std::string> AwsServices::issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

std::vector<std::string> AwsServices::sessions() const {
  const std::scoped_lock lock(mutex_);
  return sessions_;
}

ServerReply AwsServices::assumeRole(const ServerRequest& request) {
  const Form form = parseForm(request.body);
  if (firstOf(form, "Action") != "AssumeRoleWithWebIdentity" || firstOf(form, "Version") != "2011-06-15") {
    return stsError(400, "InvalidAction", "Could not find operation for version 2011-06-15");
  }
  if (const auto problem = invalidMember(form)) return stsError(400, "ValidationError", *problem);
  const std::string policy = firstOf(form, "Policy");
  if (!policy.empty() && std::holds_alternative<JsonProblem>(parseJson(policy))) {
    return stsError(400, "MalformedPolicyDocument", "Syntax errors in policy.");
  }
  const auto verified = verifyToken(firstOf(form, "WebIdentityToken"), options_.issuerKeys(),
                                    {.issuer = options_.issuer, .audience = kAudience, .now = options_.now()});
  if (const auto* problem = std::get_if<TokenProblem>(&verified)) return tokenRefusal(problem->reason);
  const Json& claims = std::get<Json>(verified);
  const std::string role = firstOf(form, "RoleArn");
  if (role == kThrottled) return stsError(400, "Throttling", "Rate exceeded");
  const bool exists = role == kPuller || role == kWithoutEcr;
  if (!exists || claimText(claims, "/sub").rfind("system:serviceaccount:team-", 0) != 0) {
    return stsError(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }

  const std::string duration = form.count("DurationSeconds") > 0 ? firstOf(form, "DurationSeconds") : "3600";
  const Session session{.secretKey = randomHex(40),
                        .token = randomHex(200) + "==",
                        .roleArn = role,
                        .policy = policy,
                        .expiry = options_.now() + std::chrono::seconds(std::strtol(duration.c_str(), nullptr, 10))};
  const std::string keyId = "ASIA" + randomHex(16);
  const std::string name = firstOf(form, "RoleSessionName");
  const std::scoped_lock lock(mutex_);
  keys_[keyId] = session;
  issued_.insert(issued_.end(), {session.secretKey, session.token});
  sessions_.push_back(name);
  return xmlReply(
      200,
      "<AssumeRoleWithWebIdentityResponse xmlns=\"" + std::string(kNamespace) +
          "\">\n <AssumeRoleWithWebIdentityResult>\n  <SubjectFromWebIdentityToken>" + claimText(claims, "/sub") +
          "</SubjectFromWebIdentityToken>\n  <Audience>" + kAudience +
          "</Audience>\n  <AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/pull/" + name +
          "</Arn><AssumedRoleId>AROAFAKE:" + name +
          "</AssumedRoleId></AssumedRoleUser>\n  <Credentials><SessionToken>" + session.token +
          "</SessionToken><SecretAccessKey>" + session.secretKey + "</SecretAccessKey><Expiration>" +
          formatRfc3339(session.expiry) + "</Expiration><AccessKeyId>" + keyId +
          "</AccessKeyId></Credentials>\n  <Provider>arn:aws:iam::111122223333:oidc-provider/issuer.test</Provider>\n"
          " </AssumeRoleWithWebIdentityResult>\n <ResponseMetadata><RequestId>" +
          randomUid() + "</RequestId></ResponseMetadata>\n</AssumeRoleWithWebIdentityResponse>\n");
}

ServerReply AwsServices::authorize(const ServerRequest& request, bool isPublic) {
  const std::scoped_lock lock(mutex_);
  const auto secretOf = [this](const std::string& keyId) -> std::optional<std::string> {
    const auto found = keys_.find(keyId);
    if (found == keys_.end()) return std::nullopt;
    return found->second.secretKey;
  };
  const auto verified = verifyAwsSignature(request, secretOf, options_.now());
  if (const auto* problem = std::get_if<AwsSignatureProblem>(&verified)) {
    return ecrError(400, problem->code, problem->message);
  }
  const auto& signer = std::get<AwsSigner>(verified);
  const Session& session = keys_.at(signer.accessKeyId);
  if (headerOf(request, "x-amz-security-token") != session.token) {
    return ecrError(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  if (session.expiry <= options_.now())
    return ecrError(400, "ExpiredTokenException", "The security token has expired.");
  const std::string service = isPublic ? "ecr-public" : "ecr";
  const auto region = regionOf(headerOf(request, "host"));
  if (signer.service != service || (region && signer.region != *region)) {
    return ecrError(400, "InvalidSignatureException", "Credential should be scoped to a valid region.");
  }
  if (headerOf(request, "content-type") != "application/x-amz-json-1.1")
    return ecrError(400, "SerializationException", "");
  const std::string action = service + ":GetAuthorizationToken";
  const bool isLimited = !session.policy.empty() && session.policy.find('"' + action + '"') == std::string::npos;
  if (isLimited || session.roleArn != kPuller) {
    return ecrError(400, "AccessDeniedException",
                    "User is not authorized to perform: " + action +
                        " on resource: * because no identity-based policy "
                        "allows the " +
                        action + " action");
  }

  const std::string password = randomHex(400);
  issued_.push_back(password);
  const UnixTime expiry = options_.now() + kLifetime;
  passwords_[password] = expiry;
  const std::string data = "{\"authorizationToken\":\"" +
                           std::string(encodeBase64(std::string(kUser) + ":" + password).reveal()) +
                           "\",\"expiresAt\":" + std::to_string(expiry.time_since_epoch().count()) + ".5";
  const std::string endpoint =
      ",\"proxyEndpoint\":\"https://111122223333.dkr.ecr." + signer.region + ".amazonaws.com\"";
  return {200,
          {{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-RequestId", randomUid()}},
          "{\"authorizationData\":" + (isPublic ? data + "}" : "[" + data + endpoint + "}]") + "}"};
}

}  // namespace rcb::test
