#include "registry/content_state.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr std::string_view kCommit = "0123456789abcdef0123456789abcdef01234567";
constexpr std::string_view kOther = "fedcba9876543210fedcba9876543210fedcba98";

class ContentState : public ::testing::Test {
 protected:
  void write(const Path& name, std::string_view text) {
    ASSERT_OK(make_folders((folder_ / "x").parent_path() / name.parent_path()));
    ASSERT_OK(write_atomically(folder_.path() / name, text));
  }
  CodeState state() { return content_state(folder_ / "content").value(); }
  testing::TemporaryFolder folder_;
};

TEST_F(ContentState, FindsTheCommitWhereverGitKeepsIt) {
  write("content/policies/mail.yaml", "a: 1\n");
  EXPECT_EQ(state().commit, "");
  write(".git/HEAD", "ref: refs/heads/main\n");
  EXPECT_EQ(state().commit, "") << "no commit yet";
  write(".git/packed-refs",
        "# pack-refs with: peeled\n" + std::string(kOther) + " refs/heads/main\n");
  EXPECT_EQ(state().commit, kOther);
  write(".git/refs/heads/main", std::string(kCommit) + "\n");
  EXPECT_EQ(state().commit, kCommit) << "a loose ref is newer than a packed one";
  write(".git/HEAD", std::string(kOther) + "\n");
  EXPECT_EQ(state().commit, kOther) << "detached";
  write(".git/HEAD", "ref: ../../etc/passwd\n");
  EXPECT_EQ(state().commit, "");
  EXPECT_EQ(state().tree, TreeState::Unknown);
}

TEST_F(ContentState, FindsTheCommitOfALinkedWorkTree) {
  write("content/a.yaml", "a");
  write("main/.git/worktrees/w/HEAD", "ref: refs/heads/topic\n");
  write("main/.git/worktrees/w/commondir", "../..\n");
  write("main/.git/refs/heads/topic", kCommit);
  write(".git", "gitdir: main/.git/worktrees/w\n");
  EXPECT_EQ(state().commit, kCommit);
}

TEST_F(ContentState, TheDigestIsOfNamesAndContents) {
  write("content/a.yaml", "a");
  write("content/b/c.yaml", "c");
  const auto before = state().content_digest;
  write("content/.cache/x", "not content");
  EXPECT_EQ(state().content_digest, before);
  write("content/a.yaml", "b");
  const auto changed = state().content_digest;
  EXPECT_NE(changed, before);
  write("content/a.yaml", "a");
  EXPECT_EQ(state().content_digest, before);
  std::filesystem::rename(folder_ / "content/a.yaml", folder_ / "content/d.yaml");
  EXPECT_NE(state().content_digest, before);
}

TEST_F(ContentState, AnAbsentFolderHasTheDigestOfAnEmptyOne) {
  EXPECT_EQ(folder_digest(folder_ / "absent").value(), sha256("[]"));
}

}  // namespace
}  // namespace winnow
