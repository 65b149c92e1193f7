#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/rng.h"
#include "features/feature_reading.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

float value_of(const FeatureSet& set, const ocsf::Event& event, const EntityStates& states) {
  return set.read(event, states, NoIntelligence()).value().values[0];
}

TEST(FeatureSet, ComesBackFromItsArtifact) {
  const auto set = set_of("count(links)");
  ASSERT_OK(set);
  const auto again = FeatureSet::from_canonical(set->canonical());
  ASSERT_OK(again);
  EXPECT_EQ(again->digest(), set->digest());
  EXPECT_EQ(again->digest(), sha256(set->canonical()));
  EXPECT_EQ(again->read(small_mail(day(0)), StateSlice(), NoIntelligence()),
            set->read(small_mail(day(0)), StateSlice(), NoIntelligence()));
}

TEST(FeatureSet, RefusesAnArtifactThatWasTouched) {
  const auto canonical = set_of("count(links)").value().canonical();
  EXPECT_EQ(testing::code_of(FeatureSet::from_canonical(canonical + " ")), Code::Corrupt);
  EXPECT_EQ(testing::code_of(FeatureSet::from_canonical(canonical.substr(1))), Code::Corrupt);
  auto newer = canonical;
  newer.replace(newer.find("\"engine\":2"), 10, "\"engine\":9");
  EXPECT_EQ(testing::code_of(FeatureSet::from_canonical(newer)), Code::Unsupported);
  auto wrong = canonical;
  wrong.replace(wrong.find("count(links)"), 12, "count(lamps)");
  EXPECT_EQ(testing::code_of(FeatureSet::from_canonical(wrong)), Code::Corrupt);
}

// A set that was trained on outlives the schema it was written for.
TEST(FeatureSet, ComesBackWithPathsThatAFileMayNoLongerName) {
  auto canonical = set_of("count(links)").value().canonical();
  canonical.replace(canonical.find("email.subject"), 13, "email.subjekt");
  EXPECT_OK(FeatureSet::from_canonical(canonical));
  EXPECT_EQ(testing::code_of(compile_text("schema: winnow.feature_set/1\nname: small\n"
                                          "attributes: {subject: text email.subjekt}\n",
                                          "")),
            Code::InvalidArgument);
}

TEST(FeatureSet, SaysHowItsTextIsTold) {
  const auto unsaid = set_of("count(links)").value().wording();
  EXPECT_EQ(unsaid.high, "its wording is like that of phishing") << "sets of mail never said it";
  EXPECT_TRUE(unsaid.makes_copies);
  const auto set = FeatureSet::compile(testing::source_folder() / "content/features/alerts.yaml");
  ASSERT_OK(set);
  EXPECT_EQ(set->wording().high, "such alerts were found malicious");
  EXPECT_FALSE(set->wording().makes_copies);
}

TEST(FeatureSet, ShippedOnesCompile) {
  for (const auto* domain : {"mail", "network", "endpoint", "cloud", "alerts"})
    EXPECT_OK(FeatureSet::compile(testing::source_folder() /
                                  fmt::format("content/features/{}.yaml", domain)));
}

TEST(FeatureSet, StatesAreSharedWhereHistoriesAreTheSame) {
  const auto counting = set_of("count(links)").value();
  const auto looking = set_of("total(sender.mails)").value();
  EXPECT_NE(counting.digest(), looking.digest());
  EXPECT_EQ(counting.history_digest(), looking.history_digest());
  auto yaml = counting.canonical();
  yaml.replace(yaml.find("\"buckets\":10"), 12, "\"buckets\":11");
  EXPECT_NE(FeatureSet::from_canonical(yaml).value().history_digest(), counting.history_digest());
}

TEST(History, CountsWhatWasObservedBefore) {
  const auto set = set_of("total(sender.mails)").value();
  MemoryEntityStates states;
  EXPECT_EQ(value_of(set, small_mail(day(0)), states), 0);
  ASSERT_OK(set.observe(small_mail(day(0)), day(0), states));
  ASSERT_OK(set.observe(small_mail(day(1)), day(1), states));
  EXPECT_EQ(value_of(set, small_mail(day(2)), states), 2);
  EXPECT_EQ(value_of(set, small_mail(day(2), "eve@other.example"), states), 0);
}

TEST(History, IsMissingWhereTheEventNamesNoEntity) {
  const auto set = set_of("total(sender.mails)").value();
  const auto event = ocsf::EventBuilder(ocsf::ClassUid::EmailActivity, day(0), Digest()).finish();
  EXPECT_TRUE(std::isnan(value_of(set, event, MemoryEntityStates())));
  EXPECT_TRUE(set.slice(event, MemoryEntityStates()).value().items().empty());
}

TEST(History, KnowsTimesWindowsAndVerdicts) {
  MemoryEntityStates states;
  const auto observer = set_of("1").value();
  for (int n = 0; n < 6; ++n) ASSERT_OK(observer.observe(small_mail(day(n)), day(n), states));
  ASSERT_OK(observer.observe_verdict(small_mail(day(3)), "phishing", day(5), states));
  ASSERT_OK(observer.observe_verdict(small_mail(day(3)), "nobody keeps this", day(5), states));
  const auto at_day_6 = [&](std::string_view expression) {
    return value_of(set_of(expression).value(), small_mail(day(6)), states);
  };
  EXPECT_EQ(at_day_6("was_seen(sender.seen)"), 1);
  EXPECT_EQ(at_day_6("days_since_first(sender.seen)"), 6);
  EXPECT_EQ(at_day_6("days_since_last(sender.seen)"), 1);
  EXPECT_EQ(at_day_6("within(sender.mails, 3d)"), 2);
  EXPECT_EQ(at_day_6("active(sender.mails, 30d)"), 6);
  EXPECT_EQ(at_day_6("decayed(sender.mails, 1d)"), 1 - 1.0F / 64);
  EXPECT_EQ(at_day_6("total(sender.bad)"), 1);
  EXPECT_NEAR(at_day_6("different(sender.to)"), 2, 0.1);
  EXPECT_EQ(at_day_6("total(pair.mails)"), 12) << "the pairs of both recipients, merged";
}

// A shuffled stream of mails and verdicts, with a few senders.
struct Stream {
  struct Item {
    int day;
    std::string from;
    bool verdict;
  };
  std::vector<Item> items;
};
Stream random_stream(Rng& rng) {
  Stream stream;
  for (int n = 0; n < 30; ++n) {
    stream.items.push_back({n / 3, fmt::format("s{}@a.example", rng.below(3)), rng.chance(0.2)});
  }
  return stream;
}

const char* const kHistoryFeatures =
    "total(sender.mails) + 100 * within(sender.mails, 2d) + 1000 * decayed(sender.bad, 3d) + "
    "different(sender.to) / 7";

TEST(History, AReplayFromStoredSlicesIsBitEqualToServing) {
  testing::for_each_seed(20, [](Rng& rng) {
    const auto set = set_of(kHistoryFeatures).value();
    const auto stream = random_stream(rng);
    MemoryEntityStates states;
    struct Served {
      std::string slice, vector;
    };
    std::vector<Served> served;
    for (const auto& item : stream.items) {
      const auto mail = small_mail(day(item.day), item.from);
      const auto slice = set.slice(mail, states).value();
      served.push_back({slice.bytes(), set.read(mail, slice, NoIntelligence()).bytes()});
      if (item.verdict) {
        ASSERT_OK(set.observe_verdict(mail, "phishing", day(item.day), states));
      } else {
        ASSERT_OK(set.observe(mail, day(item.day), states));
      }
    }
    // Offline: the artifact and the recorded slices alone.
    const auto replayed = FeatureSet::from_canonical(set.canonical()).value();
    for (std::size_t i = 0; i < stream.items.size(); ++i) {
      const auto mail = small_mail(day(stream.items[i].day), stream.items[i].from);
      const auto slice = StateSlice::from_bytes(served[i].slice);
      ASSERT_OK(slice);
      EXPECT_EQ(replayed.read(mail, *slice, NoIntelligence()).bytes(), served[i].vector);
    }
  });
}

TEST(History, NeverLooksAhead) {
  testing::for_each_seed(20, [](Rng& rng) {
    const auto set = set_of(kHistoryFeatures).value();
    const auto stream = random_stream(rng);
    const auto cut = 1 + rng.below(stream.items.size() - 1);
    const auto vectors = [&](std::size_t size, std::string_view later_sender) {
      MemoryEntityStates states;
      std::vector<FeatureVector> out;
      for (std::size_t i = 0; i < size; ++i) {
        const auto& item = stream.items[i];
        const auto mail =
            small_mail(day(item.day), i < cut ? std::string_view(item.from) : later_sender);
        if (i < cut) out.push_back(set.read(mail, states, NoIntelligence()).value());
        EXPECT_OK(set.observe(mail, day(item.day), states));
      }
      return out;
    };
    EXPECT_EQ(vectors(cut, ""), vectors(stream.items.size(), "s0@a.example"));
  });
}

TEST(History, RefusesStatesOfAnotherDeclaration) {
  const auto set = set_of("total(sender.mails)").value();
  MemoryEntityStates states;
  ASSERT_OK(states.put({"sender", "ann@mail.shop.example"}, EntityState({SeenSpan()})));
  EXPECT_EQ(testing::code_of(set.slice(small_mail(day(0)), states)), Code::Corrupt);
  EXPECT_EQ(testing::code_of(set.observe(small_mail(day(0)), day(0), states)), Code::Corrupt);
}

TEST(History, KeysStayWithinTheirBound) {
  const auto set = set_of("1").value();
  const auto long_sender = std::string(3000, 'a') + "@x.example";
  const auto slice = set.slice(small_mail(day(0), long_sender), MemoryEntityStates()).value();
  ASSERT_EQ(slice.items().size(), 3U);  // the sender, and a pair with each recipient
  for (const auto& item : slice.items()) EXPECT_LE(item.key.key.size(), StateKey::kMaxKeyBytes);
}

class OneIndicator final : public Intelligence {
 public:
  std::uint32_t ranked_domains() const override { return 1000; }
  std::optional<std::uint32_t> popularity_rank(std::string_view site) const override {
    return site == "bit.ly" ? std::optional<std::uint32_t>(7) : std::nullopt;
  }
  bool has_indicators() const override { return true; }
  bool is_listed(ObservableKind kind, std::string_view value,
                 std::string_view label) const override {
    return kind == ObservableKind::Domain && value == "paypal.com.evil.example" &&
           label == "phishing";
  }
  bool has_assets() const override { return true; }
  std::uint8_t criticality(ObservableKind kind, std::string_view name) const override {
    if (kind == ObservableKind::Domain) return name == "dc1" ? 4 : 0;
    if (kind == ObservableKind::Address) return name == "ann" ? 3 : 0;
    return name == "10.0.0.4" ? 2 : 0;
  }
};

TEST(Intelligence, AnswersOrIsMissing) {
  const auto ask = [](std::string_view expression, const Intelligence& intelligence) {
    return set_of(expression)
        .value()
        .read(small_mail(day(0)), StateSlice(), intelligence)
        .values[0];
  };
  const auto* listed = "listed_domain(\"paypal.com.evil.example\", \"phishing\")";
  EXPECT_EQ(ask(listed, OneIndicator()), 1);
  EXPECT_TRUE(std::isnan(ask(listed, NoIntelligence())));
  EXPECT_EQ(ask("any(links: listed_domain(host, \"phishing\"))", OneIndicator()), 1);
  EXPECT_EQ(ask("any(links: listed_domain(host, \"malware\"))", OneIndicator()), 0);
  EXPECT_EQ(ask("min(links: popularity_rank(site))", OneIndicator()), 7);
  EXPECT_EQ(ask("max(links: popularity_rank(site))", OneIndicator()), 10'000);
  EXPECT_TRUE(std::isnan(ask("popularity_rank(host)", NoIntelligence())));
}

TEST(Intelligence, SaysWhatAssetsAreWorth) {
  const auto ask = [](std::string_view expression, const Intelligence& intelligence) {
    return set_of(expression)
        .value()
        .read(small_mail(day(0)), StateSlice(), intelligence)
        .values[0];
  };
  EXPECT_EQ(ask("host_criticality(\"dc1\")", OneIndicator()), 4);
  EXPECT_EQ(ask("host_criticality(\"ann\")", OneIndicator()), 0);
  EXPECT_EQ(ask("user_criticality(\"ann\")", OneIndicator()), 3);
  EXPECT_EQ(ask("ip_criticality(\"10.0.0.4\")", OneIndicator()), 2);
  EXPECT_TRUE(std::isnan(ask("host_criticality(\"dc1\")", NoIntelligence())));
  const auto misspelt = set_of("host_critically(\"dc1\")");
  ASSERT_FALSE(misspelt);
  EXPECT_NE(misspelt.error().hint().find("host_criticality"), std::string::npos);
}

TEST(Terms, AreSortedUniqueAndNormalised) {
  const auto set = set_of("1").value();
  const auto vector = set.read(small_mail(day(0)), StateSlice(), NoIntelligence());
  ASSERT_FALSE(vector.term_buckets.empty());
  EXPECT_TRUE(std::is_sorted(vector.term_buckets.begin(), vector.term_buckets.end()));
  EXPECT_EQ(std::adjacent_find(vector.term_buckets.begin(), vector.term_buckets.end()),
            vector.term_buckets.end());
  EXPECT_LT(vector.term_buckets.back(), set.term_buckets());
  double words = 0, letters = 0;
  for (std::size_t i = 0; i < vector.term_values.size(); ++i) {
    (vector.term_buckets[i] < 4096 ? words : letters) +=
        vector.term_values[i] * vector.term_values[i];
  }
  EXPECT_NEAR(words, 1, 1e-5);
  EXPECT_NEAR(letters, 0.25, 1e-5);
}

TEST(Terms, TheStrongestAreNamed) {
  const auto set = set_of("1").value();
  const auto mail = small_mail(day(0));
  const NoIntelligence nothing;
  const StateSlice before;
  const FeatureReading reading(set, mail, before, nothing);
  const std::vector<float> weights(set.term_buckets(), 1);
  const auto all = reading.strongest_terms(weights, 1000);
  const auto has = [&](std::string_view text) {
    return std::any_of(all.begin(), all.end(),
                       [&](const TermReason& term) { return term.text == text; });
  };
  EXPECT_TRUE(has("paypal"));
  EXPECT_TRUE(has("paypal account"));
  EXPECT_FALSE(has("miller")) << "the recipient's name is a token";
  EXPECT_TRUE(has("hello xxrcpt"));
  EXPECT_TRUE(
      std::none_of(all.begin(), all.end(), [](const auto& term) { return term.text.empty(); }));
  EXPECT_TRUE(reading.strongest_terms(std::vector<float>(set.term_buckets(), 0), 10).empty());
  EXPECT_EQ(reading.strongest_terms(weights, 3).size(), 3U);
}

TEST(Terms, AreOrderedByWhatTheyAddToTheScore) {
  const auto set = set_of("1").value();
  const auto mail = small_mail(day(0));
  const NoIntelligence nothing;
  const StateSlice before;
  const FeatureReading reading(set, mail, before, nothing);
  const auto& vector = reading.vector();
  std::vector<float> weights(set.term_buckets(), 0);
  Rng rng(7);
  for (auto& weight : weights) weight = static_cast<float>(rng.unit() - 0.5);
  const auto all = reading.strongest_terms(weights, 1000);
  ASSERT_GT(all.size(), 5U);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_GE(std::fabs(all[i - 1].contribution), std::fabs(all[i].contribution));
  }
  const auto few = reading.strongest_terms(weights, 4);
  for (std::size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i].text, all[i].text);
    EXPECT_EQ(few[i].contribution, all[i].contribution);
  }
  EXPECT_EQ(vector, set.read(mail, before, nothing));
}

TEST(Reasons, AreInPlainWordsStrongestFirst) {
  const auto set = set_of("2").value();
  const auto mail = small_mail(day(0));
  const NoIntelligence nothing;
  const StateSlice before;
  FeatureReading reading(set, mail, before, nothing);
  const std::vector<float> contributions = {-0.5F};
  const auto reasons = reading.reasons(contributions, 5);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].text, "high 2 of ann@mail.shop.example");
  EXPECT_EQ(reasons[0].contribution, -0.5F);
  EXPECT_TRUE(reading.reasons(std::vector<float>{0}, 5).empty());
  FeatureReading missing(set_of("length(nothing)").value(), mail, before, nothing);
  EXPECT_EQ(missing.reasons(contributions, 5)[0].text, "nothing is known");
}

TEST(Reasons, ShowNoControlCharactersOfTheMail) {
  const auto set = set_of("2").value();
  const auto mail = small_mail(day(0), "\x1b[31mann@x.example" + std::string(200, 'y'));
  const NoIntelligence nothing;
  const StateSlice before;
  const auto text =
      FeatureReading(set, mail, before, nothing).reasons(std::vector<float>{1}, 1)[0].text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_LT(text.size(), 120U);
}

TEST(FeatureVector, ComesBackFromItsBytes) {
  FeatureVector vector{{1, std::nanf(""), -2}, {3, 4, 4000}, {0.5F, 0.5F, 0.25F}};
  const auto read = FeatureVector::from_bytes(vector.bytes());
  ASSERT_OK(read);
  EXPECT_EQ(*read, vector);
  const auto bytes = vector.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(testing::code_of(FeatureVector::from_bytes(std::string_view(bytes).substr(0, size))),
              Code::Corrupt);
  }
  vector.values[1] = -std::nanf("1");
  EXPECT_EQ(vector.bytes(), bytes) << "one form for every NaN";
}

}  // namespace
}  // namespace winnow
