// What operators are given (docs/grafana, docs/prometheus, docs/operating.md) names what a running
// server really has.
#include <regex>
#include <set>

#include "base/json.h"
#include "base/yaml.h"
#include "server/metrics.h"
#include "tests/server/promql.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::metrics_in;
using testing::named_in;
using Metrics_ = std::map<std::string, std::set<std::string>>;

std::string text_of(const Path& below_docs) {
  return read_file(testing::source_folder() / "docs" / below_docs, 1UL << 20).value();
}

// Of a server that did a bit of everything, and of one with a certificate.
const Metrics_& metrics() {
  static const Metrics_ kAll = [] {
    const testing::RunningService service;
    service.score("From: a@b.example\nSubject: x\n\nx\n");
    service.score("");
    auto all = metrics_in(service.ask("GET", "/metrics", service.token(Role::Engineer)).body);
    const Metrics of_tls({});
    const SyslogUse syslog;
    const TailUse tail;
    all.merge(
        metrics_in(of_tls.text({.certificate_expires = Timestamp::from_seconds(1),
                                .sources = {{"s", {.format = FormatWatch::Source()}}},
                                .drift = {{.mapping = "m", .state = MappingDrift::State::Missing}},
                                .refused_mappings = {RefusedMapping()},
                                .filling = {Filling()},
                                .syslog = &syslog,
                                .tail = &tail})));
    return all;
  }();
  return kAll;
}

// Those that Prometheus itself adds.
bool is_added(const std::string& label) { return label == "job" || label == "instance"; }

void expect_known(const std::string& expression) {
  const auto named = named_in(expression);
  EXPECT_FALSE(named.metrics.empty()) << expression;
  std::set<std::string> all_labels;
  for (const auto& [metric, labels] : named.metrics) {
    if (metric == "up") continue;  // Prometheus's own
    const auto found = metrics().find(metric);
    if (found == metrics().end()) {
      ADD_FAILURE() << "there is no metric " << metric << ": " << expression;
      continue;
    }
    all_labels.insert(found->second.begin(), found->second.end());
    for (const auto& label : labels)
      EXPECT_TRUE(is_added(label) || found->second.contains(label))
          << metric << " has no label " << label << ": " << expression;
  }
  for (const auto& label : named.grouped)
    EXPECT_TRUE(is_added(label) || all_labels.contains(label)) << label << ": " << expression;
}

TEST(PromQl, NamesAreFound) {
  const auto named = named_in(
      R"(topk(10, histogram_quantile(0.99, sum by (le, route) (rate(a_bucket{job=~"x y",route="b_c{"}[5m])))) > 1e3 or time() - b offset 5m)");
  EXPECT_EQ(named.metrics, (Metrics_{{"a_bucket", {"job", "route"}}, {"b", {}}}));
  EXPECT_EQ(named.grouped, (std::set<std::string>{"le", "route"}));
  EXPECT_EQ(named_in("sum(rate(a[5m])) by (x) / on (y) group_left (z) b").grouped,
            (std::set<std::string>{"x", "y", "z"}));
  EXPECT_EQ(metrics_in("# HELP a b\na 1\nb{x=\"1\",y=\"\\\"}\"} 2\nb{z=\"\"} 3\n"),
            (Metrics_{{"a", {}}, {"b", {"x", "y", "z"}}}));
}

TEST(Dashboard, AsksForWhatThereIs) {
  const auto dashboard = parse_json(text_of("grafana/winnow.json")).value();
  std::size_t expressions = 0;
  for (const auto& panel : dashboard["panels"].items()) {
    for (const auto& target : panel["targets"].items()) {
      expect_known(target["expr"].as_string());
      ++expressions;
    }
  }
  EXPECT_GT(expressions, 30U);
  for (const auto& variable : dashboard["templating"]["list"].items()) {
    if (variable["type"].as_string() != "query") continue;
    const auto query = variable["definition"].as_string();
    static const std::regex kValues(R"(label_values\(([a-z_]+)[{,].*)");
    std::smatch match;
    ASSERT_TRUE(std::regex_match(query, match, kValues)) << query;
    EXPECT_TRUE(metrics().contains(match[1])) << query;
  }
}

struct Place {
  std::int64_t x, y, w, h;
  bool overlaps(const Place& other) const {
    return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
  }
};

TEST(Dashboard, IsOneThatGrafanaTakes) {
  const auto dashboard = parse_json(text_of("grafana/winnow.json")).value();
  EXPECT_TRUE(std::regex_match(dashboard["uid"].as_string(), std::regex("[a-zA-Z0-9_-]{1,40}")));
  EXPECT_FALSE(dashboard["title"].as_string().empty());
  EXPECT_GE(dashboard["schemaVersion"].as_int(), 36);
  EXPECT_EQ(dashboard.find("id"), nullptr) << "it is given by the Grafana that imports it";
  std::set<std::int64_t> ids;
  std::set<std::string> variables;
  for (const auto& variable : dashboard["templating"]["list"].items())
    variables.insert(variable["name"].as_string());
  std::vector<Place> places;
  for (const auto& panel : dashboard["panels"].items()) {
    const auto& title = panel["title"].as_string();
    EXPECT_FALSE(title.empty());
    EXPECT_TRUE(ids.insert(panel["id"].as_int()).second) << title;
    const auto& at = panel["gridPos"];
    const Place place{at["x"].as_int(), at["y"].as_int(), at["w"].as_int(), at["h"].as_int()};
    EXPECT_TRUE(place.x >= 0 && place.y >= 0 && place.w > 0 && place.h > 0 &&
                place.x + place.w <= 24)
        << title;
    for (const auto& other : places) EXPECT_FALSE(place.overlaps(other)) << title;
    places.push_back(place);
    if (panel["type"].as_string() == "row") continue;
    EXPECT_EQ(panel["datasource"]["uid"].as_string(), "${datasource}") << title;
    EXPECT_GT(panel["targets"].size(), 0U) << title;
    std::set<std::string> names;
    for (const auto& target : panel["targets"].items()) {
      EXPECT_TRUE(names.insert(target["refId"].as_string()).second) << title;
      static const std::regex kVariable(R"(\$([a-z]+))");
      const auto expression = target["expr"].as_string();
      for (std::sregex_iterator it(expression.begin(), expression.end(), kVariable), end; it != end;
           ++it)
        EXPECT_TRUE(variables.contains((*it)[1])) << expression;
    }
  }
}

TEST(Alerts, AskForWhatThereIs) {
  const auto yaml = Yaml::parse(text_of("prometheus/alerts.yaml"), "alerts.yaml");
  ASSERT_OK(yaml);
  std::set<std::string> names;
  const auto operating = text_of("operating.md");
  for (const auto& group : (*yaml)["groups"].items()) {
    for (const auto& rule : group["rules"].items()) {
      const auto name = rule["alert"].scalar();
      EXPECT_TRUE(names.insert(name).second) << name;
      expect_known(rule["expr"].scalar());
      EXPECT_FALSE(rule["annotations"]["summary"].scalar().empty()) << name;
      EXPECT_NE(operating.find("`" + name + "`"), std::string::npos)
          << "docs/operating.md does not say what to do about " << name;
    }
  }
  EXPECT_GT(names.size(), 10U);
}

// The table's first column, as far as it is a metric: "| `winnow_ready` | ...".
TEST(OperatingGuide, ListsEveryMetricAndNoOther) {
  static const std::regex kRow(R"re(\| `((?:winnow|process)_[a-z_]+)(?:\{([a-z, ]*)\})?` \|)re");
  const auto text = text_of("operating.md");
  std::set<std::string> listed, there;
  for (std::sregex_iterator it(text.begin(), text.end(), kRow), end; it != end; ++it)
    listed.insert((*it)[1]);
  for (const auto& [metric, labels] : metrics()) {
    static const std::regex kPart("(.*)_(bucket|sum|count)");
    there.insert(std::regex_replace(metric, kPart, "$1"));
  }
  EXPECT_EQ(listed, there);
}

}  // namespace
}  // namespace winnow::server
