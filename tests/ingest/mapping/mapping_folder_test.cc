#include "ingest/mapping/mapping_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/file.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MappingFolders : public ::testing::Test {
 protected:
  void write(const char* file, std::string_view name) const {
    ASSERT_OK(write_atomically(
        made / file, fmt::format("mapping: {}\ntitle: T\ndomain: network\nformat: json\n"
                                 "product: {{name: P}}\nrecognise: {{has: [{}]}}\n"
                                 "time: {{from: ts, as: seconds}}\nevents: [{{event: any, class: "
                                 "base_event, set: {{severity_id: =1, message: who}}}}]\n",
                                 name, name)));
  }
  void break_file(const char* file, std::string_view name) const {
    ASSERT_OK(write_atomically(made / file,
                               fmt::format("mapping: {}\ndomain: network\ntitel: T\n", name)));
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    const auto usable = folder.usable();
    for (const auto& mapping : usable.mappings) all.push_back(mapping.name());
    return all;
  }
  testing::TemporaryFolder made;
  MappingFolder folder{made.path()};
};

TEST_F(MappingFolders, WhatOneFileRefusedIsReadOnceThatFileIsAnother) {
  write("b.yaml", "x");
  EXPECT_TRUE(folder.look(never_kept).value());
  write("a.yaml", "x");
  EXPECT_TRUE(folder.look(never_kept).value());
  ASSERT_EQ(folder.usable().refused.size(), 1U);
  EXPECT_EQ(folder.usable().refused.front().file, made / "a.yaml");
  EXPECT_FALSE(folder.look(never_kept).value()) << "nothing changed";
  write("b.yaml", "yonder");
  EXPECT_TRUE(folder.look(never_kept).value());
  EXPECT_THAT(folder.usable().refused, IsEmpty());
  EXPECT_THAT(names(), ElementsAre("x", "yonder"));
}

TEST_F(MappingFolders, ABrokenFileKeepsNoneOfTheOthersOut) {
  write("a.yaml", "x");
  write("b.yml", "y");
  ASSERT_OK(write_atomically(made / "c.yaml", "mapping: z\ntitel: T\n"));
  ASSERT_OK(write_atomically(made / "mail.yml", "no mapping of logs"));
  const auto usable = read_usable_mappings(made.path(), never_kept);
  ASSERT_OK(usable);
  ASSERT_EQ(usable->mappings.size(), 2U);
  EXPECT_EQ(usable->mappings[1].name(), "y") << "*.yml is a mapping like any";
  ASSERT_EQ(usable->refused.size(), 1U);
  EXPECT_EQ(usable->refused[0].file, made / "c.yaml");
  EXPECT_THAT(usable->refused[0].why,
              ::testing::HasSubstr("c.yaml:2: unknown key 'titel' (did you mean 'title'?)"));
  EXPECT_EQ(testing::code_of(read_log_mappings(made.path())), Code::InvalidArgument);
}

TEST_F(MappingFolders, WhatDoesNotCompileIsWhatItWasBefore) {
  write("a.yaml", "x");
  EXPECT_TRUE(folder.look(never_kept).value());
  const auto before = folder.usable().mappings.front();
  break_file("a.yaml", "x");
  EXPECT_TRUE(folder.look(never_kept).value());
  auto usable = folder.usable();
  ASSERT_EQ(usable.refused.size(), 1U);
  EXPECT_EQ(usable.refused.front().name, "x");
  EXPECT_EQ(usable.refused.front().domain, Domain::Network);
  EXPECT_TRUE(usable.refused.front().is_held);
  EXPECT_THAT(usable.broken(), IsEmpty());

  // Who comes later has nothing but what was kept.
  EXPECT_THAT(read_usable_mappings(made.path(), never_kept)->broken(), ElementsAre("x"));
  EXPECT_THAT(read_usable_mappings(made.path(), never_kept)->mappings, IsEmpty());
  std::vector<std::string> asked;
  usable = read_usable_mappings(made.path(), [&](const std::string& name) {
             asked.push_back(name);
             return std::optional(before);
           }).value();
  EXPECT_THAT(asked, ElementsAre("x"));
  EXPECT_THAT(usable.broken(), IsEmpty());
  ASSERT_EQ(usable.mappings.size(), 1U);
  EXPECT_EQ(usable.mappings.front().digest(), before.digest());
}

TEST_F(MappingFolders, AFileThatCompilesGoesBeforeWhatWasKept) {
  write("b.yaml", "x");
  EXPECT_TRUE(folder.look(never_kept).value());
  const auto before = folder.usable().mappings.front();
  break_file("a.yaml", "x");
  const auto usable = read_usable_mappings(made.path(), [&](const std::string&) {
                        ADD_FAILURE() << "another file of the name compiles";
                        return std::optional(before);
                      }).value();
  EXPECT_EQ(usable.mappings.size(), 1U);
  ASSERT_EQ(usable.refused.size(), 1U);
  EXPECT_EQ(usable.refused.front().file, made / "a.yaml");
  EXPECT_TRUE(usable.refused.front().is_held);
}

TEST_F(MappingFolders, WhatCannotEvenBeReadIsCalledAsItsFile) {
  ASSERT_OK(write_atomically(made / "firewall.yaml", "mapping: [\n"));
  EXPECT_TRUE(folder.look(never_kept).value());
  const auto usable = folder.usable();
  EXPECT_THAT(usable.broken(), ElementsAre("firewall"));
  EXPECT_FALSE(usable.refused.front().domain);
}

}  // namespace
}  // namespace winnow
