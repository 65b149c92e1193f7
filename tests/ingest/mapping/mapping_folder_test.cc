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
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& mapping : folder.mappings()) all.push_back(mapping.name());
    return all;
  }
  testing::TemporaryFolder made;
  MappingFolder folder{made.path()};
};

TEST_F(MappingFolders, WhatOneFileRefusedIsReadOnceThatFileIsAnother) {
  write("b.yaml", "x");
  EXPECT_TRUE(folder.look().value());
  write("a.yaml", "x");
  EXPECT_TRUE(folder.look().value());
  ASSERT_EQ(folder.refused().size(), 1U);
  EXPECT_EQ(folder.refused().front().file, made / "a.yaml");
  EXPECT_FALSE(folder.look().value()) << "nothing changed";
  write("b.yaml", "yonder");
  EXPECT_TRUE(folder.look().value());
  EXPECT_THAT(folder.refused(), IsEmpty());
  EXPECT_THAT(names(), ElementsAre("x", "yonder"));
}

TEST_F(MappingFolders, ABrokenFileKeepsNoneOfTheOthersOut) {
  write("a.yaml", "x");
  write("b.yml", "y");
  ASSERT_OK(write_atomically(made / "c.yaml", "mapping: z\ntitel: T\n"));
  ASSERT_OK(write_atomically(made / "mail.yml", "no mapping of logs"));
  const auto usable = read_usable_mappings(made.path());
  ASSERT_OK(usable);
  ASSERT_EQ(usable->mappings.size(), 2U);
  EXPECT_EQ(usable->mappings[1].name(), "y") << "*.yml is a mapping like any";
  ASSERT_EQ(usable->refused.size(), 1U);
  EXPECT_EQ(usable->refused[0].file, made / "c.yaml");
  EXPECT_THAT(usable->refused[0].why,
              ::testing::HasSubstr("c.yaml:2: unknown key 'titel' (did you mean 'title'?)"));
  EXPECT_EQ(testing::code_of(read_log_mappings(made.path())), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
