#include "tests/e2e/soc.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace winnow::testing {

Soc::Soc() { EXPECT_ENDS(winnow(beside(), {"init", "soc"}), 0); }

Outcome Soc::run(const std::vector<std::string>& words) const { return winnow(path(), words); }

Outcome Soc::must_run(const std::vector<std::string>& words) const {
  auto outcome = run(words);
  EXPECT_ENDS(outcome, 0) << fmt::format("winnow {}", fmt::join(words, " "));
  return outcome;
}

void Soc::deploy_model(const std::string& domain) const { deploy({"--domain", domain}); }

void Soc::deploy_rules(const std::string& domain) const {
  deploy({"--domain", domain, "--model", "none"});
}

void Soc::deploy(std::vector<std::string> bundle) const {
  bundle.insert(bundle.begin(), {"bundles", "build"});
  must_run(bundle);
  must_run({"deployments", "promote", "latest", "--reason", "tested"});
}

void change_plan(const Path& workspace, std::string_view domain,
                 const std::vector<std::pair<std::string_view, std::string_view>>& changes) {
  const auto file = workspace / fmt::format("content/training/{}.yaml", domain);
  auto text = read_file(file, 1UL << 20).value();
  for (const auto& [shipped, ours] : changes) {
    const auto at = text.find(shipped);
    ensure(at != std::string::npos, "the shipped training plan has what is changed");
    text.replace(at, shipped.size(), ours);
  }
  ensure(write_atomically(file, text).has_value(), "the training plan can be written");
}

Outcome score_by_rules(const Soc& soc, const std::string& domain, const std::string& mapping,
                       std::string_view past, std::string_view recent) {
  EXPECT_OK(write_atomically(soc.beside() / "past.json", past));
  EXPECT_OK(write_atomically(soc.beside() / "new.json", recent));
  soc.must_run({"ingest", mapping, "../past.json", "--source", "sensor"});
  soc.deploy_rules(domain);
  return soc.must_run({"score", domain, "../new.json", "--json"});
}

std::string Soc::token_of(const std::string& name, const std::string& role) const {
  const auto made = must_run({"tokens", "create", name, "--role", role, "--json"});
  return made.json()["token"].as_string();
}

std::vector<std::string> queued_by_rules(const Json& scored) {
  std::vector<std::string> texts;
  for (const auto& decision : scored["decisions"].items()) {
    if (decision["route"].as_string() == "close") continue;
    auto text = fmt::format("{}: {}:", decision["sender"].as_string(),
                            decision["reasons"][0]["feature"].as_string());
    for (const auto& technique : decision["techniques"].items())
      text += " " + technique.as_string();
    texts.push_back(text);
  }
  std::ranges::sort(texts);
  return texts;
}

}  // namespace winnow::testing
