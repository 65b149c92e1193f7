#include "simulate/detail/everyday_cloud.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array kClients = {"aws-cli/2.15.30 Python/3.11 Linux/6.1",
                                 "Boto3/1.34.69 md/Botocore#1.34.69",
                                 "aws-sdk-go/1.50.1 (go1.22; linux; amd64)"};
constexpr std::string_view kBrowser = "Mozilla/5.0 (X11; Linux x86_64) Browser/128.0";
constexpr std::string_view kTerraform = "APN/1.0 HashiCorp/1.0 Terraform/1.7.5";

// What people look at all day, the usual first.
constexpr std::array kLooks = {Act{"ec2", "DescribeInstances"},
                               Act{"s3", "ListBuckets"},
                               Act{"logs", "DescribeLogGroups"},
                               Act{"cloudwatch", "DescribeAlarms"},
                               Act{"ecs", "ListServices"},
                               Act{"rds", "DescribeDBInstances"},
                               Act{"logs", "GetLogEvents"},
                               Act{"ec2", "DescribeSecurityGroups"},
                               Act{"lambda", "ListFunctions20150331"},
                               Act{"iam", "ListRoles"},
                               Act{"secretsmanager", "ListSecrets"},
                               Act{"iam", "GetAccountSummary"},
                               Act{"sts", "GetCallerIdentity"},
                               Act{"iam", "ListUsers"}};
constexpr std::array kChanges = {Act{"ecs", "UpdateService"},
                                 Act{"ec2", "StartInstances"},
                                 Act{"ec2", "StopInstances"},
                                 Act{"lambda", "UpdateFunctionCode20150331v2"},
                                 Act{"ec2", "AuthorizeSecurityGroupIngress"},
                                 Act{"ssm", "StartSession"},
                                 Act{"s3", "PutBucketPolicy"}};
constexpr std::array kAdministration = {Act{"iam", "AttachUserPolicy"},
                                        Act{"iam", "CreateAccessKey"},
                                        Act{"iam", "DeleteAccessKey"},
                                        Act{"iam", "UpdateLoginProfile"},
                                        Act{"iam", "PutRolePolicy"},
                                        Act{"iam", "AddUserToGroup"},
                                        Act{"cloudtrail", "PutEventSelectors"},
                                        Act{"ec2", "ModifySnapshotAttribute"}};
constexpr std::array kListing = {Act{"sts", "GetCallerIdentity"},
                                 Act{"iam", "GetAccountAuthorizationDetails"},
                                 Act{"iam", "ListUsers"},
                                 Act{"iam", "ListRoles"},
                                 Act{"iam", "ListAttachedUserPolicies"},
                                 Act{"s3", "ListBuckets"},
                                 Act{"s3", "GetBucketPolicy"},
                                 Act{"ec2", "DescribeInstances"},
                                 Act{"ec2", "DescribeSnapshots"},
                                 Act{"ec2", "DescribeSecurityGroups"},
                                 Act{"rds", "DescribeDBInstances"},
                                 Act{"lambda", "ListFunctions20150331"},
                                 Act{"secretsmanager", "ListSecrets"},
                                 Act{"ssm", "DescribeParameters"},
                                 Act{"cloudtrail", "DescribeTrails"},
                                 Act{"guardduty", "ListDetectors"},
                                 Act{"kms", "ListKeys"},
                                 Act{"organizations", "DescribeOrganization"}};
// What an infrastructure's description builds and takes away, always in this order.
constexpr std::array kBuilt = {
    Act{"ec2", "CreateVpc"},           Act{"ec2", "CreateSubnet"},
    Act{"ec2", "CreateSecurityGroup"}, Act{"iam", "CreateRole"},
    Act{"iam", "AttachRolePolicy"},    Act{"iam", "PutRolePolicy"},
    Act{"s3", "CreateBucket"},         Act{"s3", "PutBucketPolicy"},
    Act{"kms", "CreateKey"},           Act{"secretsmanager", "CreateSecret"},
    Act{"ec2", "RunInstances"},        Act{"lambda", "CreateFunction20150331"}};
constexpr std::array kTakenAway = {Act{"lambda", "DeleteFunction20150331v2"},
                                   Act{"ec2", "TerminateInstances"},
                                   Act{"secretsmanager", "DeleteSecret"},
                                   Act{"s3", "DeleteBucket"},
                                   Act{"iam", "DetachRolePolicy"},
                                   Act{"iam", "DeleteRole"},
                                   Act{"ec2", "DeleteSecurityGroup"},
                                   Act{"ec2", "DeleteVpc"}};

// The first are asked for most.
template <typename Acts>
const Act& pick_usual(const Acts& acts, Rng& rng) {
  return acts[rng.below(1 + rng.below(std::size(acts)))];
}

Timestamp plus(Timestamp at, double length_s) {
  return at + Duration(static_cast<std::int64_t>(length_s * 1e6));
}

Timestamp at_work(const Person& person, Timestamp day, Rng& rng) {
  const auto length_s = static_cast<double>(person.ends_h - person.begins_h) * 3600;
  return plus(day + hours(person.begins_h - person.utc_offset_h), rng.unit() * length_s);
}

Caller program(std::string_view role, std::string_view session, const CloudPlaces& places,
               std::string_view agent, Timestamp began, Rng& rng) {
  return {.kind = Caller::Kind::Role,
          .name = std::string(role),
          .session = std::string(session),
          .key = invented_key("ASIA", rng),
          .session_began = began,
          .mfa = false,
          .source = places.builds,
          .agent = std::string(agent)};
}

Outcome about(std::string_view key, std::string_view value) {
  return {.request = Json::object({{std::string(key), value}})};
}

// Somebody looks, sometimes changes something, sometimes may not.
void work(const Company& company, const CloudPlaces& places, const CloudUser& user, Timestamp at,
          Trail& trail) {
  auto& rng = trail.rng();
  auto caller = session_of(company, user, at, rng);
  if (rng.chance(0.3)) caller.source = user.home;
  if (rng.chance(0.02)) caller.source = public_ipv4(rng);  // on a journey
  const bool in_console = rng.chance(0.5);
  if (in_console) caller.agent = kBrowser;
  if (in_console && caller.kind == Caller::Kind::User) {
    for (auto wrong = rng.poisson(0.25); wrong > 0; --wrong) {
      trail.sign_in(at, caller, false);
      at = plus(at, 5 + rng.exponential(10));
    }
    trail.sign_in(at, caller, true);
  }
  for (auto left = rng.between(4, 40); left > 0; --left) {
    at = plus(at, rng.chance(0.8) ? rng.exponential(2) : rng.exponential(240));
    if (rng.chance(0.02)) {
      const auto& act = pick_usual(kChanges, rng);
      trail.call(at, caller, act, {.error = rng.chance(0.2) ? "AccessDenied" : ""});
    } else if (user.administers && rng.chance(0.04)) {
      trail.call(at, caller, rng.pick(kAdministration));
    } else if (rng.chance(0.05)) {
      trail.call(at, caller, {"secretsmanager", "GetSecretValue"},
                 about("secretId", rng.pick(places.secrets)));
    } else if (rng.chance(0.1)) {
      trail.call(at, caller, {"s3", "GetObject"}, about("bucketName", rng.pick(places.buckets)));
    } else {
      const auto& act = pick_usual(kLooks, rng);
      trail.call(at, caller, act, {.error = rng.chance(0.03) ? "AccessDenied" : ""});
    }
  }
}

// Fast, many, and always the same: an infrastructure is built from its description.
void deploy(const CloudPlaces& places, Timestamp at, Trail& trail) {
  auto& rng = trail.rng();
  const auto session = fmt::format("run-{}", rng.below(100'000));
  const auto caller = program("deployment", session, places, kTerraform, at, rng);
  const auto burst = [&](auto acts) {
    for (const auto& act : acts) {
      for (auto times = rng.between(1, 4); times > 0; --times) {
        at = plus(at, rng.exponential(0.6));
        trail.call(at, caller, act, {.error = rng.chance(0.01) ? "Throttling" : ""});
      }
    }
  };
  for (auto left = rng.between(10, 40); left > 0; --left) {
    const auto& act = pick_usual(kListing, rng);
    trail.call(plus(at, rng.exponential(5)), caller, act);
  }
  burst(std::span(kBuilt));
  if (rng.chance(0.5)) burst(std::span(kTakenAway));
}

// As wide as an intruder's search: an auditor's program lists everything, also where it may not.
void audit(const CloudPlaces& places, Timestamp at, Trail& trail) {
  auto& rng = trail.rng();
  const auto caller = program("auditor", "weekly", places, kClients[1], at, rng);
  for (const std::string_view region : {"eu-west-1", "eu-central-1", "us-east-1", "us-west-2"}) {
    for (const auto& act : kListing) {
      at = plus(at, rng.exponential(0.3));
      trail.call(at, caller, act,
                 {.region = region, .error = rng.chance(0.1) ? "AccessDenied" : ""});
    }
  }
}

// Services that read secrets and objects from their machines, day and night.
void serve(const CloudPlaces& places, Timestamp day, Trail& trail) {
  auto& rng = trail.rng();
  for (const auto& machine : places.machines) {
    for (int hour = 0; hour < 24; hour += 2) {
      auto at = day + hours(hour) + seconds(rng.between(0, 1200));
      const auto caller = program("application", machine, places, kClients[2], at, rng);
      trail.call(at, caller, {"secretsmanager", "GetSecretValue"},
                 about("secretId", places.secrets.front()));
      for (auto left = rng.poisson(3); left > 0; --left) {
        at = plus(at, rng.exponential(400));
        trail.call(at, caller, {"s3", rng.chance(0.6) ? "GetObject" : "PutObject"},
                   about("bucketName", places.buckets.front()));
      }
    }
  }
}

void watch(const CloudPlaces& places, Timestamp day, Trail& trail) {
  auto& rng = trail.rng();
  const auto caller = program("monitoring", "watch", places, kClients[0], day, rng);
  for (auto at = day; at < day + hours(24); at = at + minutes(30)) {
    trail.call(at + seconds(rng.between(0, 3)), caller, {"cloudwatch", "GetMetricData"});
    trail.call(at + seconds(rng.between(0, 3)), caller, {"ec2", "DescribeInstanceStatus"});
  }
}

// As large as a theft: snapshots, and copies of all objects, by night.
void back_up(const CloudPlaces& places, Timestamp day, Trail& trail) {
  auto& rng = trail.rng();
  auto at = day + hours(1);
  const auto caller = program("backup", "nightly", places, kClients[1], at, rng);
  for (const auto& machine : places.machines) {
    at = plus(at, rng.exponential(3));
    trail.call(at, caller, {"ec2", "CreateSnapshot"}, about("instanceId", machine));
    if (rng.chance(0.5)) trail.call(plus(at, 1), caller, {"ec2", "DeleteSnapshot"});
  }
  for (auto left = rng.between(60, 160); left > 0; --left) {
    at = plus(at, rng.exponential(1));
    trail.call(at, caller, {"s3", "GetObject"}, about("bucketName", rng.pick(places.buckets)));
  }
}

// The cloud's own services take the roles that were given to them.
void provide(Timestamp day, Trail& trail) {
  auto& rng = trail.rng();
  for (const std::string_view service : {"autoscaling", "lambda", "config"}) {
    const Caller caller{.kind = Caller::Kind::Service,
                        .name = fmt::format("{}.amazonaws.com", service),
                        .session = {},
                        .key = {},
                        .session_began = {},
                        .source = {},
                        .agent = {}};
    for (auto left = rng.poisson(8); left > 0; --left)
      trail.call(day + seconds(rng.between(0, 86'399)), caller, {"sts", "AssumeRole"});
  }
}

}  // namespace

std::span<const Act> acts_that_list() { return kListing; }

CloudPlaces CloudPlaces::of(const Company& company, Rng rng) {
  CloudPlaces places;
  places.builds = "198.18.250.10";
  for (const auto& person : company.people) {
    const bool is_it = person.department == Department::It;
    if (!is_it && person.department != Department::Engineering) continue;
    CloudUser user;
    user.person = person.id;
    user.administers = is_it;
    // An office, and a home, each with a block of its own.
    user.office = fmt::format("198.18.{}.{}", 240 + (person.utc_offset_h + 12) % 8, 20);
    user.home = fmt::format("198.19.{}.{}", person.id % 250, 30);
    user.agent = rng.pick(kClients);
    user.has_key = rng.chance(0.25);
    user.key = invented_key("AKIA", rng);
    places.users.push_back(std::move(user));
  }
  for (int i = 0; i < 8; ++i) {
    const auto word = invented_word(rng, 2);
    places.buckets.push_back(fmt::format("{}-data-{}", company.name, word));
    places.secrets.push_back(fmt::format("prod/{}", word));
    places.machines.push_back(fmt::format("i-{:016x}", rng.below(1ULL << 60)));
  }
  places.deploy_key = invented_key("AKIA", rng);
  return places;
}

const CloudUser* CloudPlaces::user_of(std::uint32_t person) const {
  const auto found = std::ranges::find(users, person, &CloudUser::person);
  return found == users.end() ? nullptr : &*found;
}

Caller session_of(const Company& company, const CloudUser& user, Timestamp began, Rng& rng) {
  const auto& mailbox = company.people[user.person].mailbox;
  if (user.has_key) {
    return {.kind = Caller::Kind::User,
            .name = mailbox.substr(0, mailbox.find('@')),
            .session = {},
            .key = user.key,
            .session_began = began,
            .mfa = rng.chance(0.8),
            .source = user.office,
            .agent = user.agent};
  }
  return {.kind = Caller::Kind::Role,
          .name = user.administers ? "administrator" : "developer",
          .session = mailbox,
          .key = invented_key("ASIA", rng),
          .session_began = began,
          .mfa = true,
          .source = user.office,
          .agent = user.agent};
}

void everyday_cloud(const Company& company, const CloudPlaces& places, Timestamp day, bool works,
                    double sessions, Trail& trail) {
  auto& rng = trail.rng();
  for (const auto& user : places.users) {
    for (auto left = rng.poisson(works ? sessions : sessions * 0.05); left > 0; --left)
      work(company, places, user, at_work(company.people[user.person], day, rng), trail);
  }
  for (auto left = rng.poisson(works ? 2 : 0.2); left > 0; --left)
    deploy(places, day + hours(8) + seconds(rng.between(0, 36'000)), trail);
  if (civil(day).weekday == 1) audit(places, day + hours(4), trail);
  serve(places, day, trail);
  watch(places, day, trail);
  back_up(places, day, trail);
  provide(day, trail);
}

}  // namespace winnow::simulate
