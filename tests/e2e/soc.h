// A workspace in a folder of its own, as its user works with it.
#pragma once

#include <utility>

#include "tests/e2e/winnow.h"

namespace winnow::testing {

class Soc {
 public:
  Soc();  // after `winnow init`

  const Path& beside() const { return folder_.path(); }  // where it lies: "../" of its commands
  Path path() const { return folder_ / "soc"; }

  Outcome run(const std::vector<std::string>& words) const;
  Outcome must_run(const std::vector<std::string>& words) const;  // the same, expecting success

  std::string token_of(const std::string& name, const std::string& role) const;  // a new one

  // The model that was trained last decides on a domain; or its rules alone.
  void deploy_model(const std::string& domain) const;
  void deploy_rules(const std::string& domain) const;

 private:
  void deploy(std::vector<std::string> bundle) const;
  TemporaryFolder folder_;
};

// Texts that stand in the shipped training plan of a domain, and what stands there from now on.
void change_plan(const Path& workspace, std::string_view domain,
                 const std::vector<std::pair<std::string_view, std::string_view>>& changes);

// What the rules of `domain` say of `recent` when they have seen `past`: both are records, a line
// each. The mapping is that of `winnow ingest`.
Outcome score_by_rules(const Soc& soc, const std::string& domain, const std::string& mapping,
                       std::string_view past, std::string_view recent);

// "WHO: RULE: TECHNIQUE..." of each decision that is for a person, in order.
std::vector<std::string> queued_by_rules(const Json& scored);

}  // namespace winnow::testing
