// States that are filled beside those that decide, and take their place.
#include "pipeline/states_beside.h"

#include <thread>

#include "tests/pipeline/small_network.h"
#include "tests/support/faults.h"

namespace winnow::testing {
namespace {

constexpr int kOther = 7;  // hours: another history than that of wide()

Digest history_of(const BundleRuntime& bundle) {
  return bundle.pipeline.features().history_digest();
}
Path states_of(const SmallNetwork& soc) { return soc.folder / "states"; }

// What a service's thread does: reads the log that another writes, and folds it page by page.
class Filler {
 public:
  Filler(const SmallNetwork& soc, const std::shared_ptr<const BundleRuntime>& bundle)
      : events_(EventLog::open(soc.folder / "events", Access::ReadOnly).value()),
        states_(ServingStates::open(beside(states_of(soc)), history_of(*bundle)).value()),
        decisions_(DecisionStore::open(soc.folder / "d.db", Access::ReadWrite).value()),
        decider_(bundle, events_, states_, decisions_, clock_) {}
  // Tells whether there may be more.
  bool page() {
    const auto more = decider_.fold_some();
    EXPECT_OK(more);
    return more && *more;
  }
  void checkpoint() { EXPECT_OK(states_.checkpoint()); }
  LogPlace place() const { return states_.observed_through(); }

 private:
  FixedClock clock_{kNow};
  EventLog events_;
  ServingStates states_;
  DecisionStore decisions_;
  Decider decider_;
};

void fill(const SmallNetwork& soc, const std::shared_ptr<const BundleRuntime>& bundle) {
  Filler filler(soc, bundle);
  while (filler.page()) continue;
  filler.checkpoint();
}

Status switch_to(SmallNetwork& soc, const std::shared_ptr<const BundleRuntime>& bundle) {
  soc.use(bundle);  // closes what decided
  auto decisions = DecisionStore::open(soc.folder / "d.db", Access::ReadWrite).value();
  return put_in_place(states_of(soc), history_of(*bundle), {bundle->id, kNow, true}, decisions);
}

BundleId who_decides(const SmallNetwork& soc) {
  const auto use = use_of(states_of(soc)).value();
  return use ? use->bundle : BundleId();
}

TEST(StatesBeside, AreThoseOfABundleThatDecidedFromTheBeginning) {
  for_each_seed(3, [&](Rng& rng) {
    SmallNetwork soc;
    soc.use(wide());
    const auto next = wide(kOther);
    std::vector<std::vector<Arrival>> batches;
    std::optional<Filler> filler;
    int number = 0;
    const auto come = [&] {
      batches.push_back(some_of(rng, number, rng.chance(0.5) ? "old" : "fresh", 700));
      soc.append(batches.back(), rng.chance(0.2) ? Label::Phish : Label::None);
      EXPECT_EQ(soc.decide(batches.back()), batches.back().size());
    };
    for (int i = 0; i < 9; ++i) {
      come();
      if (rng.chance(0.4)) filler.reset();  // a kill
      if (!filler) filler.emplace(soc, next);
      for (auto pages = rng.below(3); pages > 0; --pages) filler->page();
      if (rng.chance(0.4)) filler->checkpoint();
    }
    filler.reset();
    fill(soc, next);
    come();  // the last stretch is the decider's
    const auto before = soc.all();
    ASSERT_OK(switch_to(soc, next));
    come();
    come();

    SmallNetwork undisturbed;
    undisturbed.use(next);
    for (const auto& batch : batches) {
      undisturbed.append(batch, soc.log.find(batch.front().digest.hex()).value().label);
      EXPECT_EQ(undisturbed.decide(batch), batch.size());
    }
    const auto expected = undisturbed.all();
    for (const auto& [event, decision] : soc.all()) {
      if (before.contains(event)) continue;
      EXPECT_EQ(decision, expected.at(event));
    }
  });
}

// At each write, sync and rename of it: the former states, or the new ones, and nothing between.
TEST(StatesBeside, TakeTheirPlaceWholeOrNotAtAll) {
  for (int step = 0, left = 0; left == 0; ++step) {
    SmallNetwork soc;
    soc.use(wide());
    const auto next = bundle_of("next", {mapping_of("old"), mapping_of("fresh")}, kOther);
    std::vector<Arrival> came;
    for (int i = 0; i < 40; ++i) came.push_back(arrival_of("old", i, i % 4));
    soc.append(came);
    EXPECT_EQ(soc.decide(came), came.size());
    EXPECT_OK(soc.states().checkpoint());
    soc.crash();
    EXPECT_OK(note_use(states_of(soc), {wide()->id, kNow}));
    fill(soc, next);
    bool failed = false;
    {
      const FailingWrites failing(step);
      failed = !switch_to(soc, next).has_value();
      left = failing.fired() ? 0 : 1;
    }
    const auto decides = who_decides(soc) == next->id ? next : wide();
    EXPECT_TRUE(failed || decides == next);
    EXPECT_EQ(who_decides(soc), decides->id);
    soc.use(decides);
    const std::vector probe{arrival_of("old", 100, 1)};
    soc.append(probe);
    EXPECT_EQ(soc.decide(probe), 1U);
    const auto found = soc.decisions().find(probe.front().digest, decides->pipeline.bundle());
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->decision.features.at(0), 10) << "a quarter of what came, each once";
    if (decides == next) continue;
    soc.crash();
    ASSERT_OK(switch_to(soc, next));  // it is tried again
    EXPECT_EQ(who_decides(soc), next->id);
  }
}

// Who decides writes the log meanwhile: labels, and the events that they are of, come between the
// filler's questions.
TEST(StatesBeside, AreFilledWhileLabelledEventsCome) {
  SmallNetwork soc;
  const auto next = wide(kOther);
  constexpr int kBatches = 300;
  soc.append(std::vector{arrival_of("old", 0, 1)});
  std::thread writer([&] {
    for (int i = 1; i <= kBatches; ++i)
      soc.append(std::vector{arrival_of("old", i, i % 4)}, Label::Phish);
  });
  Filler filler(soc, next);
  for (int pages = 0; filler.place().events < 1 + kBatches && pages < 1'000'000; ++pages)
    if (!filler.page()) std::this_thread::yield();
  writer.join();
  while (filler.page()) continue;
  EXPECT_EQ(filler.place(), (LogPlace{1 + kBatches, kBatches}));
}

TEST(StatesBeside, OfTheFormerAreTheShortWayBack) {
  SmallNetwork soc;
  const auto former = wide(), next = wide(kOther);
  soc.use(former);
  auto come = [&, number = 0]() mutable {
    std::vector<Arrival> came;
    for (int i = 0; i < 600; ++i) came.push_back(arrival_of("old", number++, i % 4));
    soc.append(came);
    EXPECT_EQ(soc.decide(came), came.size());
  };
  come();
  EXPECT_OK(soc.states().checkpoint());
  fill(soc, next);
  ASSERT_OK(switch_to(soc, next));
  come();
  soc.crash();
  EXPECT_EQ(Filler(soc, former).place().events, 600U);
  fill(soc, former);
  ASSERT_OK(switch_to(soc, former));
  EXPECT_EQ(soc.states().observed_through().events, 1'200U);
}

// What the first bundle cannot read goes on to wait, is decided once, and counts once: in states
// that were folded from its place, and in those that passed it over.
TEST(StatesBeside, TakeOverWhatWaits) {
  for (const bool goes_back : {false, true}) {
    SmallNetwork soc;
    soc.use(narrow());
    std::vector<Arrival> came;
    for (int i = 0; i < 40; ++i) came.push_back(arrival_of(i % 2 == 0 ? "old" : "fresh", i, 1));
    soc.append(came);
    EXPECT_EQ(soc.decide(came), 20U);
    EXPECT_OK(soc.states().checkpoint());
    fill(soc, wide(kOther));
    const KeptCounts waiting{{"fresh", 20}};
    ASSERT_OK(switch_to(soc, wide(kOther)));
    EXPECT_EQ(soc.states().kept(), waiting);
    if (goes_back) {
      soc.crash();
      fill(soc, narrow());
      ASSERT_OK(switch_to(soc, narrow()));
      EXPECT_EQ(soc.states().kept(), waiting);
      soc.promote(wide());
    }
    soc.decide_kept();
    EXPECT_TRUE(soc.states().kept().empty());
    EXPECT_EQ(soc.all().size(), came.size());
    const std::vector probe{arrival_of("old", 100, 1)};
    soc.append(probe);
    EXPECT_EQ(soc.decide(probe), 1U);
    const auto found = soc.decisions().find(probe.front().digest, wide()->pipeline.bundle());
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->decision.features.at(0), 40);
  }
}

TEST(StatesBeside, OfMailMoveOutOfTheFolderOfAll) {
  const TemporaryFolder folder;
  EXPECT_OK(note_use(folder.path(), {wide()->id, kNow}));
  EXPECT_OK(note_use(folder / "network", {narrow()->id, kNow}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(ServingStates::move_in(folder.path()));
    const auto mail = use_of(ServingStates::folder_of(folder.path(), Domain::Mail)).value();
    const auto network = use_of(ServingStates::folder_of(folder.path(), Domain::Network)).value();
    ASSERT_TRUE(mail && network);
    EXPECT_EQ(mail->bundle, wide()->id);
    EXPECT_EQ(network->bundle, narrow()->id);
    EXPECT_FALSE(use_of(folder.path()).value());
  }
}

}  // namespace
}  // namespace winnow::testing
