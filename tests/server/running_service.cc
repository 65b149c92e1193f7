#include "tests/server/running_service.h"

#include <fmt/format.h>

#include "base/json.h"
#include "rollout/deployments.h"
#include "tests/pipeline/small_bundle.h"

namespace winnow::testing {

std::string target_of(const server::Route& route, std::string_view variable) {
  const auto brace = route.pattern.find('{');
  if (brace == std::string_view::npos) return std::string(route.pattern);
  return fmt::format("{}{}{}", route.pattern.substr(0, brace), variable,
                     route.pattern.substr(route.pattern.find('}') + 1));
}

RunningService::RunningService(server::ServiceOptions options, Champion champion)
    : options_(std::move(options)), champion_(made(champion)) {
  const Path soc = folder_ / "soc";
  options_.workspace = "soc";
  options_.data = soc / "data";
  EXPECT_OK(Workspace::init(soc, "", clock_));
  EXPECT_OK(make_folders(mappings()));
  workspace_ = Workspace::open(soc, Access::ReadWrite, clock_).value();
  auto tokens = server::Tokens::open(workspace_->registry(), workspace_->database_file()).value();
  for (const auto role : server::kRoles)
    tokens_[role] = tokens.create(name_of(role), role, std::nullopt, "tester").value().text;
  clock_.set(kNow - std::chrono::hours(48));
  expired = tokens.create("old", server::Role::Analyst, std::chrono::hours(24), "t").value().text;
  clock_.set(kNow);
  revoked = tokens.create("gone", server::Role::Analyst, std::nullopt, "t").value().text;
  EXPECT_OK(tokens.revoke("gone", "t"));
  start();
}

std::shared_ptr<const server::Champion> RunningService::made(Champion champion) {
  if (champion == Champion::None) return nullptr;
  return std::make_shared<const server::Champion>(server::Champion{compiled()});
}

void RunningService::start() {
  const Path data = folder_ / "soc/data";
  auto& registry = workspace_->registry();
  auto deployments =
      Deployments::open(registry, workspace_->database_file(), Access::ReadWrite).value();
  auto champions = server::deployed_champions(registry, deployments).value();
  champions[server::place_of(Domain::Mail)] = champion_;
  service_ =
      server::Service::start(champions, registry,
                             {data / "events", data / "quarantine.db", data / "states",
                              data / "winnow.db", data / "spool", data / "sessions.db", mappings()},
                             options_, clock_)
          .value();
}

void RunningService::restart() {
  service_->drain(std::chrono::seconds(5));
  service_.reset();
  start();
}

void RunningService::restart(Champion champion) {
  champion_ = made(champion);
  restart();
}

void RunningService::restart(
    const std::function<void(server::ServiceOptions&, FixedClock&)>& meanwhile) {
  service_->drain(std::chrono::seconds(5));
  service_.reset();
  meanwhile(options_, clock_);
  start();
}

Answer RunningService::ask(std::string_view method, std::string_view target, std::string_view token,
                           std::string_view fields, std::string_view body) const {
  Client client(port());
  auto request = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n{}", method, target, fields);
  if (!token.empty()) request += fmt::format("Authorization: Bearer {}\r\n", token);
  if (!body.empty()) request += fmt::format("Content-Length: {}\r\n", body.size());
  client.send(request + "\r\n" + std::string(body));
  return client.read_answer(method != "HEAD", std::chrono::seconds(20));
}

Answer RunningService::score(std::string_view mail, std::string_view fields) const {
  return ask("POST", "/v1/score/mail", token(server::Role::Sensor),
             fmt::format("Content-Type: message/rfc822\r\n{}", fields), mail);
}

void RunningService::wait_for_empty_spool(std::source_location asked) const {
  const auto is_empty = [this] {
    const auto status = ask("GET", "/v1/status", token(server::Role::Analyst));
    return status.status == 200 &&
           parse_json(status.body).value()["spool"]["records"].as_int() == 0;
  };
  wait_until(is_empty, asked);
}

}  // namespace winnow::testing
