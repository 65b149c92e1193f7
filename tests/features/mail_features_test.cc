// The features of mail that ship with Winnow: content/features/mail.yaml.
#include <cmath>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "features/feature_reading.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

using ocsf::Attribute;

const FeatureSet& mail_features() {
  static const FeatureSet kSet =
      FeatureSet::compile(testing::source_folder() / "content/features/mail.yaml").value();
  return kSet;
}

// A mail as the mail reader gives it, in the few attributes that a test is about.
struct Mail {
  std::string from = "anna.lee@corp.example", name = "Anna Lee", subject = "Re: lunch",
              text = "Hi Bob,\nsee you at noon.";
  std::string reply_to, link, link_text, shown, dmarc;
  bool html = true;

  ocsf::Event event() const {
    const auto mail = [](std::string_view path) {
      return Attribute::of("unmapped.mail." + std::string(path));
    };
    ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, day(0), sha256(subject));
    const auto domain = from.substr(from.find('@') + 1);
    builder.set(mail("from"), from).set(mail("from_domain"), domain).set(mail("from_host"), domain);
    builder.set(mail("from_display_name"), name).set(Attribute::of("email.subject"), subject);
    builder.set(mail("own_text"), text)
        .set(mail("headers.message_id"), true)
        .set(mail("html.present"), html);
    if (!reply_to.empty()) {
      builder.set(mail("reply_to"), reply_to)
          .set(mail("reply_to_domain"), reply_to.substr(reply_to.find('@') + 1));
    }
    if (!dmarc.empty()) builder.set(mail("auth.dmarc"), dmarc);
    builder.begin_list(mail("links"));
    if (!link.empty()) {
      const auto host = link.substr(link.find("://") + 3, link.find('/', 8) - link.find("://") - 3);
      builder.begin_record();
      builder.set(Attribute::of("url"), link)
          .set(Attribute::of("host"), host)
          .set(Attribute::of("registrable"), host);
      builder.set(Attribute::of("kind"), html ? "href" : "text")
          .set(Attribute::of("text"), link_text);
      builder.set(Attribute::of("scheme"), "https").set(Attribute::of("hidden"), false);
      if (!shown.empty()) builder.set(Attribute::of("shown_registrable"), shown);
    }
    builder.end_list();
    return std::move(builder).finish();
  }

  float operator[](std::string_view feature) const {
    const auto& set = mail_features();
    return set.read(event(), StateSlice(), NoIntelligence())
        .values.at(set.index_of(feature).value());
  }
};

Mail lure() {
  Mail mail;
  mail.from = "x8k2@paypa1-secure.xyz";
  mail.name = "PayPal Service";
  mail.subject = "URGENT: verify your account";
  mail.text =
      "Dear customer, your account will be suspended within 24 hours. Click below to confirm your "
      "password.";
  mail.link = "https://paypal.secure-login.xyz/signin";
  mail.link_text = "Verify now";
  mail.shown = "paypal.com";
  mail.reply_to = "help@gmail.com";
  mail.dmarc = "fail";
  return mail;
}

TEST(MailFeatures, SeeALure) {
  const auto mail = lure();
  for (const auto* feature :
       {"name_foreign_brand", "from_lookalike", "name_role", "link_text_mismatch", "link_lookalike",
        "link_call_to_action", "link_lure_words", "reply_to_free_mail", "text_generic_greeting",
        "from_new_top_level", "has_links"}) {
    EXPECT_EQ(mail[feature], 1) << feature;
  }
  EXPECT_EQ(mail["auth_dmarc"], -1);
  EXPECT_EQ(mail["name_in_address"], 0);
  EXPECT_GE(mail["text_intents"], 6);
  EXPECT_GE(mail["subject_intents"], 3);
  EXPECT_GT(mail["text_intent_density"], 20);
}

TEST(MailFeatures, SeeAnOrdinaryMail) {
  const Mail mail;
  for (const auto* feature :
       {"name_foreign_brand", "from_lookalike", "name_role", "text_generic_greeting", "has_links",
        "text_intents", "subject_intents", "reply_to_free_mail"}) {
    EXPECT_EQ(mail[feature], 0) << feature;
  }
  for (const auto* feature :
       {"subject_reply", "name_personal", "name_in_address", "text_greets_by_name"}) {
    EXPECT_EQ(mail[feature], 1) << feature;
  }
  for (const auto* feature : {"auth_dmarc", "link_text_mismatch", "from_popularity",
                              "links_to_sender", "sender_days_known"}) {
    EXPECT_TRUE(std::isnan(mail[feature])) << feature;
  }
}

TEST(MailFeatures, SpeakSevenLanguages) {
  const std::pair<const char*, const char*> texts[] = {
      {"de",
       "Sehr geehrter Kunde, Ihr Konto wurde gesperrt. Bitte bestätigen Sie umgehend Ihr Passwort: "
       "hier klicken."},
      {"fr",
       "Cher client, votre compte est suspendu. Cliquez ici pour confirmer votre mot de passe "
       "immédiatement."},
      {"es",
       "Estimado cliente, su cuenta está bloqueada. Haga clic para verificar su contraseña "
       "inmediatamente."},
      {"pt",
       "Prezado cliente, sua conta será cancelada. Clique para confirmar sua senha imediatamente."},
      {"it",
       "Gentile cliente, il suo conto è sospeso. Clicca per confermare subito le credenziali."},
      {"nl",
       "Beste klant, uw rekening is geblokkeerd. Klik om uw wachtwoord onmiddellijk te "
       "bevestigen."},
  };
  for (const auto& [language, text] : texts) {
    Mail mail;
    mail.text = text;
    EXPECT_EQ(mail["text_generic_greeting"], 1) << language;
    EXPECT_GE(mail["text_intents"], 4) << language;
    EXPECT_GT(mail["text_intent_density"], 15) << language;
  }
}

TEST(MailFeatures, TellInPlainWords) {
  const auto& set = mail_features();
  const auto event = lure().event();
  const NoIntelligence nothing;
  const StateSlice before;
  FeatureReading reading(set, event, before, nothing);
  std::vector<float> contributions(set.features().size(), 0);
  const auto say = [&](std::string_view feature) {
    std::fill(contributions.begin(), contributions.end(), 0.0F);
    contributions[set.index_of(feature).value()] = 1;
    return reading.reasons(contributions, 1).at(0).text;
  };
  EXPECT_EQ(say("name_foreign_brand"),
            "the shown name says paypal, but the mail is from paypa1-secure.xyz");
  EXPECT_EQ(say("link_text_mismatch"),
            "a link shows paypal.com but leads to paypal.secure-login.xyz");
  EXPECT_EQ(say("auth_dmarc"), "DMARC did not pass (fail)");
  EXPECT_EQ(say("auth_spf"), "no trusted receiver recorded authentication");
  EXPECT_EQ(say("sender_known"), "x8k2@paypa1-secure.xyz never wrote before");
}

TEST(MailFeatures, HaveTermsThatDoNotSayWhomTheMailReached) {
  // Redaction marks and recipients say where a mail was collected and nothing about phishing.
  const auto read = [](const char* text) {
    Mail mail;
    mail.text = text;
    return mail_features().read(mail.event(), StateSlice(), NoIntelligence()).term_buckets;
  };
  EXPECT_EQ(read("Dear phishing@pot, pay 20 EUR."), read("Dear anna@corp.example, pay 99 EUR."));
}

TEST(MailFeatures, ReadAttributesThatTheMailReaderSets) {
  const auto header = read_file(testing::source_folder() / "src/ocsf/mail_attributes.h", 1UL << 20);
  ASSERT_OK(header);
  const auto yaml = read_file(testing::source_folder() / "content/features/mail.yaml", 1UL << 20);
  ASSERT_OK(yaml);
  std::set<std::string> known;
  static const std::regex kQuoted("\"([a-z0-9_.]+)\"");
  for (std::sregex_iterator it(header->begin(), header->end(), kQuoted), end; it != end; ++it)
    known.insert((*it)[1]);
  static const std::regex kDeclared(
      R"re(: (?:text|texts|number|yes/no) ([a-z0-9_.]+)\n|list: ([a-z0-9_.]+)\n)re");
  int found = 0;
  for (std::sregex_iterator it(yaml->begin(), yaml->end(), kDeclared), end; it != end;
       ++it, ++found) {
    const auto path = (*it)[1].matched ? (*it)[1].str() : (*it)[2].str();
    EXPECT_TRUE(known.contains(path)) << path << " is no attribute of a mail";
  }
  EXPECT_GT(found, 50);
}

TEST(MailFeatures, AreDocumented) {
  const auto& set = mail_features();
  EXPECT_GE(set.features().size(), 100U);
  std::map<std::string, int> groups;
  for (const auto& feature : set.features()) {
    EXPECT_TRUE(feature.meaning.ends_with(".")) << feature.name;
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(feature.meaning[0])) != 0) << feature.name;
    ++groups[feature.group];
  }
  EXPECT_EQ(groups.size(), set.groups().size()) << "every group has features";
}

}  // namespace
}  // namespace winnow
