#include "base/yaml.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

TEST(Yaml, ReadsATreeWithLines) {
  const auto yaml = Yaml::parse("a: 1\nb:\n  - x\n  - \"2\"\nc: {d: true}\n", "f.yaml");
  ASSERT_OK(yaml);
  EXPECT_EQ(*(*yaml)["a"].as_int(), 1);
  EXPECT_EQ((*yaml)["b"].as_texts()->at(1), "2");
  EXPECT_TRUE(*(*yaml)["c"]["d"].as_bool());
  EXPECT_EQ((*yaml)["c"].line(), 5);
  EXPECT_EQ(to_text(yaml->json()), R"({"a":1,"b":["x","2"],"c":{"d":true}})");
}

TEST(Yaml, ErrorsNameFileLineAndTheNearestKey) {
  const auto yaml = *Yaml::parse("thresholds: 1\nroutess: 2\n", "p.yaml");
  const auto status = yaml.only({"thresholds", "routes"});
  EXPECT_EQ(status.error().text(), "p.yaml:2: unknown key 'routess' (did you mean 'routes'?)");
  EXPECT_EQ(yaml["routess"].as_bool().error().message(),
            "p.yaml:2: true or false expected, found '2'");
}

TEST(Yaml, RefusesTheTrapsOfTheLanguage) {
  EXPECT_EQ(code_of(Yaml::parse("a: 1\na: 2\n", "f")), Code::InvalidArgument);
  EXPECT_EQ(code_of(Yaml::parse("b: &x {c: 1}\na:\n  <<: *x\n", "f")), Code::InvalidArgument);
  EXPECT_EQ(code_of(Yaml::parse("a: [1, 2\n", "f")), Code::InvalidArgument);
  std::string bomb = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto last = std::to_string(i - 1), here = std::to_string(i);
    bomb += "l" + here + ": &l" + here + " [";
    for (int k = 0; k < 10; ++k) bomb += (k > 0 ? ",*l" : "*l") + last;
    bomb += "]\n";
  }
  EXPECT_EQ(code_of(Yaml::parse(bomb, "f")), Code::Exhausted);
  EXPECT_FALSE(Yaml::parse(std::string(100'000, '['), "f"));
}

}  // namespace
}  // namespace winnow
