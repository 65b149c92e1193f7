#include "simulate/detail/cloud_intrusion.h"

#include <algorithm>
#include <array>

namespace winnow::simulate {
namespace {

using std::chrono::hours;

Timestamp plus(Timestamp at, double length_s) {
  return at + Duration(static_cast<std::int64_t>(length_s * 1e6));
}

// When the credentials are theirs: as soon as they are in, or when they steal others'.
Timestamp credentials_at(const IntrusionPlan& plan) {
  const auto stolen = std::ranges::find(plan.steps, Step::StealCredentials, &PlannedStep::step);
  return stolen == plan.steps.end() ? plus(plan.begins, 1800) : stolen->at;
}

}  // namespace

CloudIntrusion::CloudIntrusion(IntrusionPlan plan, const Company& company,
                               const CloudPlaces& places)
    : plan_(std::move(plan)), company_(&company) {
  auto rng = plan_.rng.fork("cloud");
  from_ = credentials_at(plan_);
  const auto* user = places.user_of(plan_.stolen.person);
  if (user != nullptr) {
    caller_ = session_of(company, *user, plus(from_, -rng.exponential(3600)), rng);
    may_change_ = user->administers || rng.chance(0.5);
    has_credentials_ = true;
  } else if (plan_.takes(Step::StealCredentials) && rng.chance(0.6)) {
    // A key of a program, left in a file of the machine or a share.
    caller_ = {.kind = Caller::Kind::User,
               .name = "deploy",
               .session = {},
               .key = places.deploy_key,
               .session_began = from_,
               .mfa = false,
               .source = places.builds,
               .agent = {}};
    may_change_ = rng.chance(0.7);
    has_credentials_ = true;
  }
  // Through the machine itself, so from where its person works; or from a place of their own.
  if (!rng.chance(0.25)) caller_.source = rng.chance(0.5) ? plan_.master_address : public_ipv4(rng);
  constexpr std::array kOther = {"aws-cli/2.13.1 Python/3.11 Linux/6.6", "Boto3/1.26.10",
                                 "python-requests/2.31.0"};
  if (caller_.agent.empty() || rng.chance(0.5)) caller_.agent = rng.pick(kOther);
  silences_ = rng.chance(0.4);
}

// As an auditor's program, but by hand: slower, not everything, and much of it denied.
void CloudIntrusion::look_around(Timestamp at, Trail& trail) const {
  auto& rng = trail.rng();
  trail.call(at, caller_, {"sts", "GetCallerIdentity"});
  for (const auto& act : acts_that_list()) {
    if (rng.chance(0.4)) continue;
    at = plus(at, 2 + rng.exponential(15));
    trail.call(at, caller_, act,
               {.region = rng.chance(0.15) ? "us-east-1" : kHomeRegion,
                .error = rng.chance(may_change_ ? 0.1 : 0.35) ? "AccessDenied" : ""});
  }
}

// Of people whose names they found, at the console, from outside.
void CloudIntrusion::guess_passwords(Timestamp at, const CloudPlaces& places, Trail& trail) const {
  auto& rng = trail.rng();
  for (const auto& user : places.users) {
    if (!user.has_key) continue;
    auto caller = session_of(*company_, user, at, rng);
    caller.source = plan_.master_address;
    caller.mfa = false;
    for (auto left = rng.between(1, 4); left > 0; --left) {
      at = plus(at, 3 + rng.exponential(20));
      trail.sign_in(at, caller, false);
    }
  }
}

void CloudIntrusion::make_a_way_back(Timestamp at, Trail& trail) const {
  auto& rng = trail.rng();
  constexpr std::array kWays = {Act{"iam", "CreateAccessKey"}, Act{"iam", "CreateUser"},
                                Act{"iam", "AttachUserPolicy"}, Act{"iam", "CreateLoginProfile"},
                                Act{"iam", "UpdateAssumeRolePolicy"}};
  for (auto left = rng.between(1, 4); left > 0; --left) {
    at = plus(at, 5 + rng.exponential(40));
    trail.call(at, caller_, rng.pick(kWays),
               {.error = may_change_ ? "" : "AccessDenied",
                .request = Json::object({{"userName", "svc-support"}})});
  }
}

void CloudIntrusion::take_away(Timestamp at, const CloudPlaces& places, Trail& trail) const {
  auto& rng = trail.rng();
  if (silences_) {
    constexpr std::array kWatchers = {Act{"cloudtrail", "StopLogging"},
                                      Act{"cloudtrail", "PutEventSelectors"},
                                      Act{"guardduty", "UpdateDetector"}};
    trail.call(at, caller_, rng.pick(kWatchers), {.error = may_change_ ? "" : "AccessDenied"});
  }
  for (const auto& secret : places.secrets) {
    at = plus(at, 1 + rng.exponential(5));
    trail.call(at, caller_, {"secretsmanager", "GetSecretValue"},
               {.error = rng.chance(0.2) ? "AccessDenied" : "",
                .request = Json::object({{"secretId", secret}})});
  }
  const auto& bucket = rng.pick(places.buckets);
  for (auto left = rng.between(20, 200); left > 0; --left) {
    at = plus(at, rng.exponential(2));
    trail.call(at, caller_, {"s3", "GetObject"},
               {.request = Json::object({{"bucketName", bucket}})});
  }
  if (may_change_ && rng.chance(0.5))
    trail.call(plus(at, 30), caller_, {"ec2", "ModifySnapshotAttribute"});
}

void CloudIntrusion::take(Step step, Timestamp at, const CloudPlaces& places, Trail& trail) const {
  switch (step) {
    case Step::StealCredentials:
      return look_around(plus(at, 300), trail);
    case Step::LookAround:
      return look_around(at, trail);
    case Step::GuessPasswords:
      return guess_passwords(at, places, trail);
    case Step::MoveOn:
      return make_a_way_back(at, trail);
    case Step::TakeAway:
      return take_away(at, places, trail);
    case Step::GetIn:
    case Step::Stay:
      return;  // on the machine only
  }
}

void CloudIntrusion::act(const CloudPlaces& places, Timestamp day, Trail& trail) const {
  if (!has_credentials_) return;
  trail.as(plan_.name);
  for (const auto& [step, at] : plan_.steps_in(std::max(day, from_), day + hours(24)))
    take(step, at, places, trail);
  trail.as("");
}

}  // namespace winnow::simulate
