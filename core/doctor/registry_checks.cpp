#include "core/doctor/registry_checks.hpp"

#include "core/net/challenge.hpp"
#include "core/net/failure_reason.hpp"
#include "core/net/http_text.hpp"
#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"
#include "core/support/json.hpp"
#include "core/support/percent_coding.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace rcb {
namespace {

constexpr std::string_view kManifestTypes =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

std::string publicError(const Error& error) { return error.replacedBy(error.code(), error.message()).line(); }

Secret basic(const RegistryLogin& login) {
  Secret pair(login.username);
  pair.push_back(':');
  pair.append(login.password.reveal());
  Secret header("Basic ");
  header.append(encodeBase64(pair.reveal()).reveal());
  return header;
}

Secret bearer(const Secret& token) {
  Secret header("Bearer ");
  header.append(token.reveal());
  return header;
}

// One visit to a registry.
class Visit {
 public:
  Visit(Diagnosis& diagnosis, HttpClient& http, const RegistryImage& image, const RegistryLogin* login,
        const Deadline& deadline)
      : diagnosis_(diagnosis), http_(http), image_(image), login_(login), deadline_(deadline) {
    if (login != nullptr) basic_ = basic(*login);
  }

  void run() {
    HttpResponse answer = get("https://" + image_.host + "/v2/");
    if (answer.status == 200) {
      // Some registries ask only where it matters.
      answer = head(nullptr);
      if (answer.status != 401) {
        diagnosis_.pass("registry", image_.host + " asks for no login");
        return judgeManifest(answer);
      }
    }
    if (answer.status != 401) return refuseRegistry(answer);
    const std::vector<Challenge> challenges = challengesOf(answer);
    for (const Challenge& challenge : challenges) {
      if (challenge.scheme == "bearer") return withBearer(challenge);
    }
    for (const Challenge& challenge : challenges) {
      if (challenge.scheme == "basic") return withBasic();
    }
    diagnosis_.fail("registry", image_.host + " asks for a login of a kind that runtimes do not have",
                    "check that the host is a registry");
    diagnosis_.skip("manifest", "there is no login");
  }

 private:
  HttpResponse send(HttpRequest request) { return http_.send(request, deadline_); }

  HttpResponse get(const std::string& url, const Secret* authorization = nullptr) {
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    if (authorization != nullptr) request.headers.emplace_back("Authorization", Secret(authorization->reveal()));
    return send(std::move(request));
  }

  HttpResponse head(const Secret* authorization) {
    HttpRequest request;
    request.method = "HEAD";
    request.url = "https://" + image_.host + "/v2/" + image_.repository + "/manifests/" + image_.reference;
    request.headers.emplace_back("Accept", Secret(kManifestTypes));
    if (authorization != nullptr) request.headers.emplace_back("Authorization", Secret(authorization->reveal()));
    return send(std::move(request));
  }

  static std::vector<Challenge> challengesOf(const HttpResponse& answer) {
    std::vector<Challenge> all;
    for (const auto& [name, value] : answer.headers) {
      if (!isSameName(name, "WWW-Authenticate")) continue;
      for (Challenge& challenge : parseChallenges(value)) all.push_back(std::move(challenge));
    }
    return all;
  }

  // ": why", from the server's own words.
  std::string reasonOf(const HttpResponse& answer) const {
    std::vector<std::string_view> secrets;
    if (login_ != nullptr) secrets = {login_->password.reveal(), basic_.reveal()};
    const std::string reason = failureReason(answer, secrets);
    return reason.empty() ? "" : ": " + reason;
  }

  void refuseRegistry(const HttpResponse& answer) {
    diagnosis_.fail("registry",
                    fmt::format("{} answers GET /v2/ with {}{}", image_.host, answer.status, reasonOf(answer)),
                    answer.status == 404 ? "check the host of the image: no registry answers there"
                                         : "ask those who run the registry");
    diagnosis_.skip("manifest", "the registry does not answer");
  }

  void withBasic() {
    if (login_ == nullptr) return withoutLogin("asks for a user name and a password");
    const HttpResponse answer = head(&basic_);
    if (answer.status == 401) {
      diagnosis_.fail("registry", image_.host + " does not accept the credential (401)" + reasonOf(answer),
                      "check the rule's settings: the exchange issued a credential that is not one of this registry");
      return diagnosis_.skip("manifest", "there is no login");
    }
    diagnosis_.pass("registry", image_.host + " takes the user name and the password themselves (Basic)");
    judgeManifest(answer);
  }

  void withoutLogin(const std::string& what) {
    diagnosis_.pass("registry", image_.host + " " + what);
    diagnosis_.skip("manifest", "there is no credential to ask with");
  }

  void withoutTokenEndpoint(const std::string& fault) {
    diagnosis_.fail("registry", image_.host + " names a token endpoint that cannot be used: " + fault,
                    "ask those who run the registry to set its realm to an https:// URL");
    diagnosis_.skip("manifest", "there is no token endpoint");
  }

  void withBearer(const Challenge& challenge) {
    const std::string* realm = challenge.find("realm");
    if (realm == nullptr) return withoutTokenEndpoint("it is missing");
    if (const std::string fault = httpUrlFault(*realm); !fault.empty()) return withoutTokenEndpoint(fault);
    const std::string host = parseHttpUrl(*realm).authority();
    if (login_ == nullptr) return withoutLogin("sends its clients to the token endpoint at " + host);
    std::string url = *realm + (realm->find('?') == std::string::npos ? "?" : "&");
    if (const std::string* service = challenge.find("service")) {
      url.append("service=").append(encodePercent(*service).reveal()).append("&");
    }
    url.append("scope=").append(encodePercent("repository:" + image_.repository + ":pull").reveal());
    const HttpResponse answer = get(url, &basic_);
    if (answer.status != 200) return refuseCredential(host, answer);
    const Secret token = parseRegistryToken(answer.body.reveal());
    if (token.empty()) {
      diagnosis_.fail("registry", "the token endpoint at " + host + " answers without a token",
                      "ask those who run the registry");
      return diagnosis_.skip("manifest", "there is no token");
    }
    diagnosis_.pass("registry", fmt::format("the token endpoint at {} takes the credential", host));
    const Secret header = bearer(token);
    judgeManifest(head(&header));
  }

  void refuseCredential(const std::string& host, const HttpResponse& answer) {
    const std::string what = "the token endpoint at " + host;
    if (answer.status == 401 || answer.status == 403) {
      diagnosis_.fail("registry",
                      fmt::format("{} refuses the credential ({}){}", what, answer.status, reasonOf(answer)),
                      "check the rule's settings: the exchange issued a credential that this registry does not take");
    } else {
      diagnosis_.fail("registry", fmt::format("{} answers {}{}", what, answer.status, reasonOf(answer)),
                      answer.status == 429 ? "try again later" : "ask those who run the registry");
    }
    diagnosis_.skip("manifest", "there is no token");
  }

  void judgeManifest(const HttpResponse& answer) {
    const std::string name = image_.repository + (image_.reference.find(':') == std::string::npos ? ":" : "@") +
                             image_.reference + " of " + image_.host;
    const std::string digest(headerValue(answer.headers, "Docker-Content-Digest"));
    switch (answer.status) {
      case 200:
        return diagnosis_.pass("manifest",
                               name + " may be pulled" + (digest.empty() ? "" : ", " + printable(digest, 80)));
      case 401:
        return diagnosis_.fail("manifest", name + " may not be pulled with this credential (401)",
                               "allow the identity that the rule exchanges to pull from this repository");
      case 403:
        return diagnosis_.fail("manifest", name + " may not be pulled with this credential (403)",
                               "allow the identity that the rule exchanges to pull from this repository");
      case 404:
        return diagnosis_.fail("manifest", name + " is not there (404), or this credential may not see it",
                               "check the image's name and tag");
      case 429:
        return diagnosis_.warn(
            "manifest", "the registry limits requests (429), so it is not known whether " + name + " may be pulled",
            "try again later");
      default:
        break;
    }
    if (answer.status >= 300 && answer.status <= 399) {
      return diagnosis_.skip("manifest", fmt::format("the registry redirects to another host ({}), which a runtime "
                                                     "follows and doctor does not",
                                                     answer.status));
    }
    diagnosis_.fail("manifest", fmt::format("the registry answers {} for {}", answer.status, name),
                    "ask those who run the registry");
  }

  Diagnosis& diagnosis_;
  HttpClient& http_;
  const RegistryImage& image_;
  const RegistryLogin* login_;
  Secret basic_;  // the value of Authorization
  Deadline deadline_;
};

}  // namespace

Secret parseRegistryToken(std::string_view json) {
  const auto parsed = parseJson(json, {.depth = 16, .lastNameCounts = true});
  const Json* document = std::get_if<Json>(&parsed);
  if (document == nullptr) return {};
  for (const char* name : {"token", "access_token"}) {
    const Json* token = document->find(name);
    if (token != nullptr && token->string() != nullptr && !token->string()->empty()) return Secret(*token->string());
  }
  return {};
}

void checkRegistry(Diagnosis& diagnosis, HttpClient& http, const RegistryImage& image, const RegistryLogin* login,
                   const Deadline& deadline) {
  try {
    Visit(diagnosis, http, image, login, deadline).run();
  } catch (const Error& error) {
    const bool reached = diagnosis.has("registry", Verdict::kPass);
    diagnosis.fail(reached ? "manifest" : "registry", publicError(error),
                   error.advice().empty() ? "find out why this node does not reach the registry" : error.advice());
    if (!reached) diagnosis.skip("manifest", "the registry was not reached");
  }
}

}  // namespace rcb
