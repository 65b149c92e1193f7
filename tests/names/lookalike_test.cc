#include "names/lookalike.h"

#include <algorithm>

#include "names/domain.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

LookalikeIndex brands() {
  return LookalikeIndex({{"paypal.com", {}, "paypal"},
                         {"paypal.de", {}, "paypal"},
                         {"microsoft.com", {"office365"}, "microsoft"},
                         {"google.com", {}, "google"},
                         {"bankofamerica.com", {"bofa"}, "bofa"},
                         {"dhl.com", {}, "dhl"},
                         {"apple.com", {}, "apple"},
                         {"wellsfargo.com", {}, "wells fargo"},
                         {"xn--bcher-kva.example", {}, "books"}});
}

struct Case {
  const char* domain;
  LookalikeKind kind;
  const char* reference;
};
class LookalikeTable : public ::testing::TestWithParam<Case> {};
TEST_P(LookalikeTable, FindsTheResemblance) {
  static const auto kIndex = brands();
  const auto found = kIndex.find(to_ascii_domain(GetParam().domain).value());
  EXPECT_EQ(found.kind, GetParam().kind) << name_of(found.kind);
  if (found.kind != LookalikeKind::None) {
    EXPECT_EQ(kIndex.reference(found.reference).domain, GetParam().reference);
  }
}
using enum LookalikeKind;
INSTANTIATE_TEST_SUITE_P(
    Domains, LookalikeTable,
    ::testing::Values(
        Case{"paypal.com", Same, "paypal.com"}, Case{"www.paypal.com", Same, "paypal.com"},
        Case{"mail.paypal.de", Same, "paypal.de"},
        Case{"xn--bcher-kva.example", Same, "xn--bcher-kva.example"},
        Case{"paypa1.com", Confusable, "paypal.com"}, Case{"раураl.com", Confusable, "paypal.com"},
        Case{"PАYPАL.com", Confusable, "paypal.com"}, Case{"páypal.net", Confusable, "paypal.com"},
        Case{"rnicrosoft.com", Confusable, "microsoft.com"},
        Case{"micr0s0ft.support", Confusable, "microsoft.com"},
        Case{"g00gle.com", Confusable, "google.com"}, Case{"appie.com", Confusable, "apple.com"},
        Case{"paypal.top", DifferentSuffix, "paypal.com"},
        Case{"paypal.github.io", DifferentSuffix, "paypal.com"},
        Case{"dhl.xyz", DifferentSuffix, "dhl.com"}, Case{"paypl.com", Typo, "paypal.com"},
        Case{"papyal.com", Typo, "paypal.com"}, Case{"pay-pal.com", Typo, "paypal.com"},
        Case{"wellsfrago.com", Typo, "wellsfargo.com"},
        Case{"paypal-secure-login.com", Embeds, "paypal.com"},
        Case{"paypal.com.evil.example", Embeds, "paypal.com"},
        Case{"securepaypallogin.com", Embeds, "paypal.com"},
        Case{"paypa1-login.com", Embeds, "paypal.com"},
        Case{"bank-of-america.support", Typo, "bankofamerica.com"},
        Case{"my-bank-of-america-login.com", Embeds, "bankofamerica.com"},
        Case{"bofa-alerts.com", Embeds, "bankofamerica.com"},
        Case{"dhl-parcel.com", Embeds, "dhl.com"},
        Case{"office365.evil.example", Embeds, "microsoft.com"}, Case{"pineapple.com", None, ""},
        Case{"adhlx.com", None, ""}, Case{"example.org", None, ""}, Case{"com", None, ""},
        Case{"unrelated-name.net", None, ""}));

TEST(Lookalike, AsksNothingOfAddresses) {
  EXPECT_EQ(brands().find("192.0.2.1").kind, None);
  EXPECT_EQ(brands().find("").kind, None);
  EXPECT_EQ(brands().find(std::string(300, 'a')).kind, None);
}

TEST(Lookalike, CountsEdits) {
  const auto found = compare("wellsfarggo.com", "wellsfargo.com");
  EXPECT_EQ(found.kind, Typo);
  EXPECT_EQ(found.distance, 1U);
  EXPECT_EQ(compare("welsfarg0o.com", "wellsfargo.com").distance, 2U);
}

TEST(Skeleton, IsEqualForWhatLooksAlike) {
  EXPECT_EQ(skeleton("paypal"), skeleton("раураӏ"));
  EXPECT_EQ(skeleton("modern"), skeleton("rnodern"));
  EXPECT_EQ(skeleton("Google"), skeleton("G00GLE"));
  EXPECT_NE(skeleton("paypal"), skeleton("paypals"));
}

TEST(Scripts, AreMixedByAttackersOnly) {
  EXPECT_TRUE(mixes_scripts("pаypal"));  // a Cyrillic a
  EXPECT_FALSE(mixes_scripts("paypal"));
  EXPECT_FALSE(mixes_scripts("пример"));
  EXPECT_FALSE(mixes_scripts("日本のtokyo"));
}

// The table of the definition: optimal string alignment.
unsigned plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<unsigned>> d(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<unsigned>(i + j);
        continue;
      }
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1U : 0U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, EqualsTheTextbook) {
  testing::for_each_seed(3000, [](Rng& rng) {
    const auto word = [&] {
      std::string text(rng.below(rng.chance(0.1) ? 65 : 12), '\0');
      for (auto& c : text) c = static_cast<char>('a' + rng.below(4));
      return text;
    };
    const auto a = word(), b = word();
    EXPECT_EQ(edit_distance(a, b, 100), plain_distance(a, b)) << a << " " << b;
    EXPECT_EQ(edit_distance(a, b, 2), std::min(plain_distance(a, b), 3U));
  });
}

TEST(LookalikeIndex, AnswersTheSameFromManyReferencesAsFromOne) {
  testing::for_each_seed(200, [](Rng& rng) {
    const auto label = [&] {
      std::string text(4 + rng.below(7), '\0');
      for (auto& c : text) c = "abcdo0l1rnm-"[rng.below(12)];
      text.front() = 'a', text.back() = 'b';
      return text;
    };
    std::vector<LookalikeReference> references;
    for (int i = 0; i < 20; ++i) references.push_back({label() + ".com", {}, {}});
    const LookalikeIndex index(references);
    const auto domain = label() + (rng.chance(0.5) ? ".com" : ".net");
    Lookalike best;
    for (std::size_t i = 0; i < references.size(); ++i) {
      auto one = compare(domain, references[i].domain);
      one.reference = i;
      const bool stronger =
          best.kind == None
              ? one.kind != None
              : one.kind != None && (one.kind < best.kind ||
                                     (one.kind == best.kind && one.distance < best.distance));
      if (stronger) best = one;
    }
    const auto found = index.find(domain);
    EXPECT_EQ(found.kind, best.kind) << domain;
    EXPECT_EQ(found.distance, best.distance) << domain;
    if (best.kind != None) {
      EXPECT_EQ(references[found.reference].domain, references[best.reference].domain) << domain;
    }
  });
}

}  // namespace
}  // namespace winnow
