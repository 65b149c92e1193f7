#include "cli/command.h"
#include "cli/console.h"
#include "tests/support/support.h"

namespace winnow::cli {
namespace {

Arguments seen;

Result<int> remember(const Arguments& arguments, Console&) {
  seen = arguments;
  return 0;
}

Result<int> say_no(const Arguments&, Console&) { return 3; }

Result<int> fail(const Arguments& arguments, Console&) {
  if (arguments.flag("bug")) ensure(false, "this test breaks a contract");
  return Error(Code::NotFound, "there is no 'x'").with_hint("make one");
}

const std::vector<Command> kCommands = {
    {"things list",
     "Lists things",
     "",
     "winnow things list",
     {{Option::Kind::Integer, "limit", "at most so many", "7"},
      {Option::Kind::Texts, "tag", "a tag"},
      {Option::Kind::Text, "route", "which", "", false, {"close", "queue"}},
      {Option::Kind::Flag, "all", "all of them"}},
     remember},
    {"things show",
     "Shows one",
     "",
     "winnow things show x",
     {{Option::Kind::Positional, "thing", "which", "", true}},
     remember},
    {"answer", "Says no", "", "winnow answer", {}, say_no},
    {"fail", "Fails", "", "winnow fail", {{Option::Kind::Flag, "bug", "by a bug"}}, fail},
};

struct Ran {
  int exit;
  std::string out, err;
};

Ran run_with(std::vector<const char*> words) {
  words.insert(words.begin(), "winnow");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const int exit = run(kCommands, static_cast<int>(words.size()), words.data());
  std::string out = ::testing::internal::GetCapturedStdout();
  return {exit, std::move(out), ::testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, OptionsReachTheirCommandWithFallbacks) {
  EXPECT_EQ(run_with({"things", "list", "--tag", "a", "--tag", "b", "--all"}).exit, 0);
  EXPECT_EQ(seen.integer("limit"), 7);
  EXPECT_EQ(seen.texts("tag"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(seen.flag("all"));
  EXPECT_FALSE(seen.has("route"));
  EXPECT_EQ(run_with({"things", "show", "x"}).exit, 0);
  EXPECT_EQ(seen.text("thing"), "x");
}

TEST(CommandLine, WrongUsageIsExitCode2AndChangesNothing) {
  EXPECT_EQ(run_with({}).exit, 2);
  EXPECT_EQ(run_with({"things"}).exit, 2);
  EXPECT_EQ(run_with({"nothing"}).exit, 2);
  EXPECT_EQ(run_with({"things", "show"}).exit, 2);
  EXPECT_EQ(run_with({"things", "list", "--limit", "many"}).exit, 2);
  EXPECT_EQ(run_with({"things", "list", "--route", "drop"}).exit, 2);
}

TEST(CommandLine, AnswersAndFailuresHaveTheirOwnExitCodes) {
  EXPECT_EQ(run_with({"answer"}).exit, 3);
  const auto failed = run_with({"fail"});
  EXPECT_EQ(failed.exit, 1);
  EXPECT_EQ(failed.err, "winnow: there is no 'x'\n        make one\n");
  EXPECT_EQ(run_with({"fail", "--json"}).err,
            "{\"schema\":\"winnow.error/1\",\"code\":\"not found\",\"message\":\"there is no "
            "'x'\",\"hint\":\"make one\"}\n");
  EXPECT_EQ(run_with({"fail", "--bug"}).exit, 70);
}

TEST(CommandLine, EveryHelpPageEndsWithAnExample) {
  const auto help = run_with({"things", "list", "--help"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_NE(help.out.find("Example:\n  winnow things list"), std::string::npos) << help.out;
}

TEST(Commands, EachSaysWhatItDoesAndShowsAnExampleOfItself) {
  for (const auto& command : commands()) {
    EXPECT_FALSE(command.summary.empty()) << command.path;
    EXPECT_NE(command.summary.back(), '.') << command.path;
    EXPECT_NE(command.example.find("winnow " + std::string(command.path)), std::string_view::npos)
        << command.path;
    EXPECT_NE(command.run, nullptr) << command.path;
  }
}

}  // namespace
}  // namespace winnow::cli
