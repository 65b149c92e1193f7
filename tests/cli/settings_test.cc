#include "cli/detail/settings.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/yaml.h"
#include "tests/support/support.h"

namespace winnow::cli {
namespace {

using testing::code_of;
using testing::TemporaryFolder;

// An environment variable for one scope.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() { ::unsetenv("WINNOW_ACTOR"); }

  Result<Settings> read(std::string_view yaml, const Arguments& arguments = {}) {
    EXPECT_OK(write_atomically(folder_ / "winnow.yaml", yaml));
    return Settings::read(folder_ / "winnow.yaml", arguments);
  }
  static std::string origin(const Settings& settings, std::string_view key) {
    for (const auto& value : settings.values()) {
      if (value.setting->key == key) return value.origin;
    }
    return "no such key";
  }
  // The error, with the folder's name left out.
  std::string refusal(std::string_view yaml) {
    const auto settings = read(yaml);
    EXPECT_EQ(code_of(settings), Code::InvalidArgument);
    if (settings) return "";
    auto text = settings.error().text();
    const auto folder = folder_.path().string() + "/";
    if (const auto at = text.find(folder); at != std::string::npos) text.erase(at, folder.size());
    return text;
  }

  TemporaryFolder folder_;
};

TEST_F(SettingsTest, TheLaterOriginWins) {
  constexpr std::string_view kYaml = "threads: 3\nactor: intake\ningest:\n  max_record: 1MiB\n";
  const auto from_file = read(kYaml);
  ASSERT_OK(from_file);
  EXPECT_EQ(from_file->number("threads"), 3U);
  EXPECT_EQ(from_file->number("ingest.max_record"), 1U << 20);
  EXPECT_EQ(origin(*from_file, "ingest.max_record"), "winnow.yaml:4");
  EXPECT_EQ(origin(*from_file, "ingest.max_csv_record"), "default");

  const Variable threads("WINNOW_THREADS", "5"), record("WINNOW_INGEST__MAX_RECORD", "2KiB");
  Arguments arguments;
  arguments.set("threads", {"7"});
  const auto all = read(kYaml, arguments);
  ASSERT_OK(all);
  EXPECT_EQ(all->number("threads"), 7U);
  EXPECT_EQ(origin(*all, "threads"), "--threads");
  EXPECT_EQ(all->number("ingest.max_record"), 2048U);
  EXPECT_EQ(origin(*all, "ingest.max_record"), "WINNOW_INGEST__MAX_RECORD");
  EXPECT_EQ(all->text("actor"), "intake");
}

TEST_F(SettingsTest, AMistakeIsNamedWithItsPlaceAndTheNearestKey) {
  EXPECT_EQ(refusal("thread: 3\n"),
            "winnow.yaml:1: unknown key 'thread' (did you mean 'threads'?)");
  EXPECT_EQ(refusal("ingest:\n  max_recrod: 1MiB\n"),
            "winnow.yaml:2: unknown key 'ingest.max_recrod' (did you mean 'ingest.max_record'?)");
  EXPECT_EQ(refusal("ingest: 3\n"),
            "winnow.yaml:1: 'ingest' is a section: its keys stand below it");
  EXPECT_EQ(refusal("threads: [1]\n"), "winnow.yaml:1: 'threads' has one value");
  EXPECT_EQ(refusal("threads: many\n"),
            "winnow.yaml:1: 'threads' cannot be the number 'many' (a number from 1 to 1024)");
  EXPECT_EQ(refusal("ingest: {max_record: 1MB}\n"),
            "winnow.yaml:1: 'ingest.max_record' cannot be the size '1MB' (a size such as 512KiB or "
            "32MiB, at most 1GiB)");
  EXPECT_EQ(read("server: {spool: 2TiB}")->number("server.spool"), 2UL << 40);
  EXPECT_EQ(code_of(read("server: {spool: 65TiB}")), Code::InvalidArgument);
  EXPECT_EQ(code_of(read("server: {spool: 99999999999GiB}")), Code::InvalidArgument);
  EXPECT_EQ(read("server: {requests_a_second: 10000000}")->number("server.requests_a_second"),
            10'000'000U);
  EXPECT_EQ(code_of(read("server: {requests_a_second: 10000001}")), Code::InvalidArgument);
  EXPECT_EQ(refusal("retention: {mails: 3 weeks}\n"),
            "winnow.yaml:1: 'retention.mails' cannot be the time '3 weeks' (1d to 36500d, or "
            "forever)");
  EXPECT_EQ(refusal("actor: ''\n"), "winnow.yaml:1: 'actor' is empty");
}

TEST_F(SettingsTest, AFileIsNoneOrBeginsAtTheConfiguration) {
  const auto settings = read("server: {tls: {certificate: tls/chain.pem, key: /etc/key.pem}}\n");
  ASSERT_OK(settings);
  EXPECT_EQ(settings->file("server.tls.certificate"), folder_ / "tls/chain.pem");
  EXPECT_EQ(settings->file("server.tls.key"), Path("/etc/key.pem"));
  EXPECT_EQ(read("")->file("server.tls.key"), std::nullopt);
  const Variable key("WINNOW_SERVER__TLS__KEY", "here.pem");
  EXPECT_EQ(read("")->file("server.tls.key"), Path("here.pem")) << "in the current folder";
  EXPECT_EQ(refusal("server:\n  tls:\n    cert: x\n"),
            "winnow.yaml:3: unknown key 'server.tls.cert' (did you mean 'server.tls.key'?)");
  EXPECT_EQ(refusal("server: {tls: on}\n"),
            "winnow.yaml:1: 'server.tls' is a section: its keys stand below it");
}

TEST_F(SettingsTest, TimesAreDaysOrForEver) {
  const auto settings = read("retention: {mails: 90d}\n");
  ASSERT_OK(settings);
  EXPECT_EQ(settings->days("retention.mails"), std::chrono::days(90));
  EXPECT_EQ(settings->days("retention.labelled_mails"), std::nullopt);
  for (const char* days : {"0d", "90", "d", "-1d", "36501d", "90 d", "90days", "never", "1d1d"}) {
    EXPECT_EQ(code_of(read(fmt::format("retention: {{mails: '{}'}}", days))), Code::InvalidArgument)
        << days;
  }
}

TEST_F(SettingsTest, NumbersOutsideTheirBoundsAreRefused) {
  for (const char* yaml :
       {"threads: 0", "threads: 1025", "threads: -1", "threads: 2KiB", "ingest: {max_record: 0}",
        "ingest: {max_record: 2GiB}", "ingest: {max_record: 18446744073709551617}"}) {
    EXPECT_EQ(code_of(read(yaml)), Code::InvalidArgument) << yaml;
  }
}

TEST_F(SettingsTest, TheSampleIsTheDefaultsAndSaysEveryKey) {
  const auto settings = read(sample_configuration());
  ASSERT_OK(settings);
  for (const auto& value : settings->values()) EXPECT_EQ(value.origin, "default");
  // Without its comment signs it is a configuration that sets every key that has a default.
  std::string uncommented;
  const auto sample = sample_configuration();
  for (auto at = sample.find("\n\n") + 2; at < sample.size();) {
    const auto end = sample.find('\n', at);
    uncommented += sample.substr(at + 2, end - at - 1);
    at = end + 1;
  }
  const auto yaml = Yaml::parse(uncommented, "sample");
  ASSERT_OK(yaml);
  for (const auto& setting : setting_schema()) {
    const Yaml* node = &*yaml;
    auto rest = setting.key;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      node = &(*node)[rest.substr(0, dot)];
      rest.remove_prefix(dot + 1);
    }
    const auto& value = (*node)[rest];
    EXPECT_EQ(value.is_null() ? "" : value.scalar(), setting.fallback) << setting.key;
  }
}

}  // namespace
}  // namespace winnow::cli
