#include "features/text_likeness.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using Recipients = std::vector<std::string_view>;

double alike(std::string_view a, std::string_view b, const Recipients& to_a = {},
             const Recipients& to_b = {}) {
  return jaccard(text_terms(a, to_a), text_terms(b, to_b));
}

constexpr std::string_view kLetter =
    "Dear Maria, your invoice 4411 over 1,250.00 EUR is overdue since 12 March. Please settle it "
    "today at https://pay-now.example/i/4411 or your account will be closed. Questions: "
    "billing@pay-now.example";

TEST(TextTerms, WhatVariesFromCopyToCopyChangesNothing) {
  constexpr std::string_view kCopy =
      "Dear Joseph, your invoice 98 over 310.50 EUR is overdue since 3 March. Please settle it "
      "today at https://other.example/x?id=7 or your account will be closed. Questions: "
      "desk@other.example";
  EXPECT_EQ(text_terms(kLetter, Recipients{"maria.stone@soc.example"}),
            text_terms(kCopy, Recipients{"joseph@soc.example"}));
}

TEST(TextTerms, LettersThatLookAlikeAreTheSame) {
  std::string disguised(kLetter);
  disguised.replace(disguised.find("overdue"), 7, "\u043Ev\u200Berdu\u0435");
  disguised.replace(disguised.find("account"), 7, "\u0430cc\u200Bount");
  EXPECT_EQ(text_terms(kLetter, {}), text_terms(disguised, {}));
}

TEST(TextTerms, OtherTextsAreOther) {
  EXPECT_LT(alike(kLetter,
                  "Hello Maria, shall we have lunch on 12 March? The canteen has a new "
                  "menu, see https://canteen.example/menu, and it is not too far."),
            0.2);
  EXPECT_LT(alike(kLetter, "overdue"), 0.2);
  EXPECT_EQ(alike("", ""), 0);
}

TEST(TextTerms, AreBoundedAndTakeAnyBytes) {
  std::string endless;
  for (int i = 0; i < 20'000; ++i)
    endless += fmt::format("word{:c}{:c}{:c} ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
  EXPECT_LT(text_terms(endless, {}).size(), 8'000U);
  EXPECT_NO_FATAL_FAILURE(
      text_terms(std::string("\xff\xfe\0\x80 \xc3", 6), Recipients{"", "@", "\xff@x"}));
}

TEST(TextSignature, EstimatesWhatShareOfTermsIsCommon) {
  testing::for_each_seed(50, [](Rng& rng) {
    std::vector<std::uint32_t> a, b;
    const double share = rng.unit();
    for (std::uint32_t term = 0; term < 4'000; ++term) {
      const auto draw = rng.unit();
      if (draw < share || rng.chance(0.5)) a.push_back(term);
      if (draw < share || rng.chance(0.5)) b.push_back(term);
    }
    EXPECT_NEAR(likeness(signature_of(a), signature_of(b)), jaccard(a, b), 0.25);
  });
  EXPECT_EQ(likeness(signature_of({}), signature_of({})), 1);
}

TEST(TextSignature, NeverChanges) {
  const std::vector<std::uint32_t> terms = {1, 2, 3, 500, 70'000};
  EXPECT_EQ(signature_of(terms)[0], signature_of(terms)[0]);
  EXPECT_EQ(
      hash64(std::string_view(reinterpret_cast<const char*>(signature_of(terms).data()), 256)),
      UINT64_C(2105150037228047182))
      << "signatures are kept in databases: a change needs them all made again";
}

}  // namespace
}  // namespace winnow
