#include "simulate/detail/trail.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace winnow::simulate {
namespace {

// CloudTrail tells whole seconds.
std::string written(Timestamp at) { return Timestamp::from_seconds(at.seconds()).text(); }

bool only_reads(std::string_view name) {
  constexpr std::string_view kVerbs[] = {"Get", "List", "Describe", "Head", "Lookup"};
  return std::ranges::any_of(kVerbs, [&](auto verb) { return name.starts_with(verb); });
}

std::string_view mfa_word(bool mfa) { return mfa ? "true" : "false"; }

Json identity_of(const Caller& caller) {
  const auto arn = [&](std::string_view service, std::string_view what) {
    return fmt::format("arn:aws:{}::{}:{}", service, kCloudAccount, what);
  };
  switch (caller.kind) {
    case Caller::Kind::Service:
      return Json::object({{"type", "AWSService"}, {"invokedBy", caller.name}});
    case Caller::Kind::Root:
      return Json::object({{"type", "Root"},
                           {"principalId", kCloudAccount},
                           {"arn", arn("iam", "root")},
                           {"accountId", kCloudAccount}});
    case Caller::Kind::User:
      return Json::object({{"type", "IAMUser"},
                           {"principalId", "AIDA" + caller.name},
                           {"arn", arn("iam", "user/" + caller.name)},
                           {"accountId", kCloudAccount},
                           {"accessKeyId", caller.key},
                           {"userName", caller.name}});
    case Caller::Kind::Role:
      break;
  }
  const auto issuer = Json::object({{"type", "Role"},
                                    {"principalId", "AROA" + caller.name},
                                    {"arn", arn("iam", "role/" + caller.name)},
                                    {"accountId", kCloudAccount},
                                    {"userName", caller.name}});
  const auto attributes = Json::object({{"creationDate", written(caller.session_began)},
                                        {"mfaAuthenticated", mfa_word(caller.mfa)}});
  return Json::object(
      {{"type", "AssumedRole"},
       {"principalId", fmt::format("AROA{}:{}", caller.name, caller.session)},
       {"arn", arn("sts", fmt::format("assumed-role/{}/{}", caller.name, caller.session))},
       {"accountId", kCloudAccount},
       {"accessKeyId", caller.key},
       {"sessionContext", Json::object({{"sessionIssuer", issuer}, {"attributes", attributes}})}});
}

}  // namespace

std::string invented_key(std::string_view beginning, Rng& rng) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string key(beginning);
  while (key.size() < 20) key.push_back(kLetters[rng.below(kLetters.size())]);
  return key;
}

Json Trail::event(Timestamp at, const Caller& caller, Act act, const Outcome& outcome) {
  const auto id = [&] {
    const auto high = rng_.below(1ULL << 32), low = rng_.below(1ULL << 48);
    return fmt::format("{:08x}-0000-4000-8000-{:012x}", high, low);
  };
  Json made = Json::object(
      {{"eventVersion", "1.09"},
       {"userIdentity", identity_of(caller)},
       {"eventTime", written(at)},
       {"eventSource", fmt::format("{}.amazonaws.com", act.service)},
       {"eventName", act.name},
       {"awsRegion", outcome.region},
       {"sourceIPAddress", caller.kind == Caller::Kind::Service ? caller.name : caller.source},
       {"userAgent", caller.kind == Caller::Kind::Service ? caller.name : caller.agent},
       {"requestParameters", outcome.request},
       {"responseElements", outcome.response},
       {"requestID", id()},
       {"eventID", id()},
       {"readOnly", only_reads(act.name)},
       {"eventType", "AwsApiCall"},
       {"managementEvent", act.name != "GetObject" && act.name != "PutObject"},
       {"recipientAccountId", kCloudAccount}});
  if (!outcome.error.empty()) made.set("errorCode", outcome.error);
  return made;
}

void Trail::add(Timestamp at, const Json& event) {
  records_.push_back({.time = at,
                      .raw = to_text(event),
                      .truth = intrusion_.empty() ? Label::Benign : Label::Malicious,
                      .intrusion = intrusion_});
}

void Trail::call(Timestamp at, const Caller& caller, Act act, Outcome outcome) {
  add(at, event(at, caller, act, outcome));
}

void Trail::sign_in(Timestamp at, const Caller& caller, bool succeeds) {
  auto made =
      event(at, caller, {"signin", "ConsoleLogin"},
            {.response = Json::object({{"ConsoleLogin", succeeds ? "Success" : "Failure"}})});
  made.set("eventType", "AwsConsoleSignIn");
  made.set("additionalEventData", Json::object({{"MFAUsed", caller.mfa ? "Yes" : "No"}}));
  if (!succeeds) made.set("errorMessage", "Failed authentication");
  add(at, made);
}

std::vector<SimulatedRecord> Trail::take() { return std::exchange(records_, {}); }

}  // namespace winnow::simulate
