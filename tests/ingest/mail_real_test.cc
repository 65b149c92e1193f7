// Every real mail is read, gives a valid event, and has the structure that GMime finds in it.
#include <algorithm>
#include <functional>

#include <gmime/gmime.h>

#include "base/utf8.h"
#include "ingest/mail/mail.h"
#include "ingest/mail/mime.h"
#include "ingest/mail/mime_decode.h"
#include "ocsf/mail_attributes.h"
#include "tests/ocsf/schema_validator.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

class RealMail : public ::testing::TestWithParam<const char*> {
 protected:
  // Calls `test` for every mail of the archive (one in kOneIn); skips aloud when there is none.
  void for_each_mail(const std::function<void(const Path&, const std::string&)>& test) {
    const auto folder = testing::unpacked(std::string("email/") + GetParam() + ".tar.zst");
    if (!folder) GTEST_SKIP() << testing::kNoRealData;
    int seen = 0;
    for (const auto& path : list_files(*folder).value()) {
      if (path.filename() == ".unpacked" || seen++ % testing::kOneIn != 0) continue;
      test(path, read_file(path, 64UL << 20).value());
    }
  }
};

TEST_P(RealMail, GivesAValidEvent) {
  const auto schema = testing::OcsfSchema::load();
  const MailMapping mapping;
  int read = 0;
  for_each_mail([&](const Path& path, const std::string& raw) {
    const auto event = mapping.apply(raw);
    ASSERT_TRUE(event) << path << event.error();
    const auto json = event->json(ocsf::Event::Unmapped::Include);
    EXPECT_TRUE(is_valid_utf8(to_text(json))) << path;
    // One in ten against the schema: the check is much slower than the reading. OCSF wants a sender
    // or a recipient, which a few mails do not have.
    const bool addressed =
        json["email"].find("from") != nullptr || json["email"].find("to") != nullptr;
    if (++read % 10 != 0 || !schema || !addressed) return;
    EXPECT_EQ(schema->problems_of(json), std::vector<std::string>{}) << path;
  });
}

// Types and decoded sizes of the leaves, in document order.
using Leaves = std::vector<std::pair<std::string, std::size_t>>;

Leaves leaves_of(const std::string& raw) {
  Leaves leaves;
  const auto message = read_mime(raw, {});
  for (const auto& part : message.parts) {
    if (part.kind != MimePart::Kind::Leaf || part.in_message) continue;
    leaves.emplace_back(part.type, decode_transfer(part.body, part.encoding).size());
  }
  return leaves;
}

void collect(GMimeObject* object, Leaves& leaves) {
  if (GMIME_IS_MULTIPART(object)) {
    auto* multipart = GMIME_MULTIPART(object);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
      collect(g_mime_multipart_get_part(multipart, i), leaves);
    }
  } else if (GMIME_IS_PART(object)) {
    auto* content = g_mime_part_get_content(GMIME_PART(object));
    auto* stream = g_mime_stream_mem_new();
    if (content != nullptr) g_mime_data_wrapper_write_to_stream(content, stream);
    auto* type = g_mime_object_get_content_type(object);
    char* name = g_mime_content_type_get_mime_type(type);
    leaves.emplace_back(ascii_lower(name), static_cast<std::size_t>(g_mime_stream_length(stream)));
    g_free(name);
    g_object_unref(stream);
  }
}

Leaves gmime_leaves_of(const std::string& raw) {
  auto* stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
  auto* parser = g_mime_parser_new_with_stream(stream);
  if (raw.starts_with("From ")) g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
  auto* message = g_mime_parser_construct_message(parser, nullptr);
  Leaves leaves;
  if (message != nullptr) {
    collect(g_mime_message_get_mime_part(message), leaves);
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(stream);
  return leaves;
}

// GMime decides some damaged mails otherwise; a defect in ours would show in far more than these.
TEST_P(RealMail, HasThePartsThatGmimeFinds) {
  g_mime_init();
  int mails = 0;
  std::vector<std::string> different;
  for_each_mail([&](const Path& path, const std::string& raw) {
    if (++mails % 3 != 0) return;
    const auto ours = leaves_of(raw);
    const auto theirs = gmime_leaves_of(raw);
    bool same = ours.size() == theirs.size();
    for (std::size_t i = 0; same && i < ours.size(); ++i) {
      // The last line end before a delimiter, and that of the mail, are counted differently.
      const auto larger = std::max(ours[i].second, theirs[i].second);
      const auto smaller = std::min(ours[i].second, theirs[i].second);
      same = ours[i].first == theirs[i].first && larger - smaller <= 4;
    }
    if (!same) different.push_back(path.filename().string());
  });
  EXPECT_LE(different.size() * 100, static_cast<std::size_t>(mails))
      << different.size() << " of " << mails / 3 << ", among them "
      << (different.empty() ? "" : different.front());
  RecordProperty("different", static_cast<int>(different.size()));
}

INSTANTIATE_TEST_SUITE_P(Archives, RealMail,
                         ::testing::Values("bounces_ham", "circuit_notices_ham", "list_openbmc_ham",
                                           "list_usrp_users_ham", "nazario_2005_phish",
                                           "nazario_2022_phish", "phishing_pot_phish",
                                           "software_fixtures_ham", "spamassassin_easyham_ham",
                                           "spamassassin_hardham_ham", "spamassassin_spam",
                                           "trec07p_ham", "trec07p_rulephish_phish",
                                           "trec07p_spam"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace winnow
