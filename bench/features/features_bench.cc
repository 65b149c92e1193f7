// What features cost on real mails, stage by stage, on one core:
//   features_bench content/features/mail.yaml FOLDER [mails]
// FOLDER holds mails, one a file (of the e-mail corpora, unpacked). Without it nothing is measured,
// and that is said.
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "features/detail/compiled.h"
#include "features/detail/letters.h"
#include "features/feature_reading.h"
#include "ingest/mail/mail.h"
#include "ocsf/mail_attributes.h"

namespace winnow::bench {
namespace {

// Microseconds of this thread's processor time, so that a busy machine does not count.
double now_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// Microseconds an item takes, the best of several rounds over all items.
double best_us(std::size_t items, const std::function<void()>& round) {
  double best = 1e300;
  for (int i = 0; i < 7; ++i) {
    const double begin = now_us();
    round();
    best = std::min(best, now_us() - begin);
  }
  return best / static_cast<double>(items);
}

Result<std::vector<ocsf::Event>> read_mails(const Path& folder, std::size_t most) {
  WINNOW_TRY(const std::vector<Path> files, list_files(folder));
  const MailMapping mapping;
  std::vector<ocsf::Event> events;
  const auto step = std::max<std::size_t>(files.size() / most, 1);
  for (std::size_t i = 0; i < files.size() && events.size() < most; i += step) {
    WINNOW_TRY(const std::string raw, read_file(files[i], 64UL << 20));
    if (auto event = mapping.apply(raw)) events.push_back(std::move(*event));
  }
  return events;
}

std::string_view own_text(const ocsf::Event& event) {
  return event.get(ocsf::mail::kOwnText).as_text();
}

void report(std::string_view stage, double us) {
  fmt::print("{:<44} {:>9.2f} us a mail\n", stage, us);
}

void measure_texts(const std::vector<ocsf::Event>& events) {
  std::vector<features::NormalText> normal;
  std::vector<std::vector<features::Word>> words;
  double bytes = 0, normal_bytes = 0;
  for (const auto& event : events) {
    bytes += static_cast<double>(own_text(event).size());
    normal.push_back(features::normalise(own_text(event), features::Replace::WhatVaries, {}));
    words.push_back(features::find_words(normal.back().text));
    normal_bytes += static_cast<double>(normal.back().text.size());
  }
  const auto count = static_cast<double>(events.size());
  const auto stage = [&](std::string_view name, double of_bytes,
                         const std::function<void()>& round) {
    const double us = best_us(events.size(), round);
    fmt::print("{:<44} {:>9.2f} us a mail {:>8.0f} MB/s\n", name, us, of_bytes / count / us);
  };
  fmt::print("own text: {:.0f} bytes a mail\n", bytes / count);
  stage("  count letters", bytes, [&] {
    for (const auto& event : events) features::count_letters(own_text(event));
  });
  stage("  normalise", bytes, [&] {
    for (const auto& event : events)
      features::normalise(own_text(event), features::Replace::WhatVaries, {});
  });
  features::TextBlock block;
  block.first = SIZE_MAX;
  features::BucketMarks seen(block.buckets());
  for (const auto grams :
       {features::TextBlock::Grams::Words, features::TextBlock::Grams::Letters}) {
    block.grams = grams;
    block.least = grams == features::TextBlock::Grams::Words ? 1 : 3;
    block.most = grams == features::TextBlock::Grams::Words ? 2 : 5;
    stage(grams == features::TextBlock::Grams::Words ? "  hash words and pairs"
                                                     : "  hash 3, 4 and 5 letters",
          normal_bytes, [&] {
            for (std::size_t i = 0; i < normal.size(); ++i) {
              features::Words scanned;
              scanned.text = normal[i].text;
              scanned.words = words[i];
              features::mark_grams(block, scanned, seen);
            }
          });
  }
}

// The set without its text blocks: what the dense features alone cost.
Result<FeatureSet> without_text(const FeatureSet& set) {
  WINNOW_TRY(Json json, parse_json(set.canonical()));
  json.set("text", Json::array());
  WINNOW_TRY(const std::string canonical, to_canonical(json));
  return FeatureSet::from_canonical(canonical);
}

Status run(const Path& yaml, const Path& folder, std::size_t most) {
  WINNOW_TRY(const FeatureSet set, FeatureSet::compile(yaml));
  WINNOW_TRY(const FeatureSet dense, without_text(set));
  WINNOW_TRY(const std::vector<ocsf::Event> events, read_mails(folder, most));
  fmt::print("{} mails of {}; {} features, {} buckets\n", events.size(), folder.string(),
             set.features().size(), set.term_buckets());
  if (events.empty()) return {};
  const NoIntelligence nothing;
  MemoryEntityStates states;
  const double observe = best_us(events.size(), [&] {
    for (const auto& event : events) {
      if (!set.observe(event, event.time(), states)) return;
    }
  });
  std::vector<StateSlice> slices;
  for (const auto& event : events) slices.push_back(set.slice(event, states).value());
  report("compile the set",
         best_us(1, [&] { FeatureSet::from_canonical(set.canonical()).value(); }));
  report("slice of the states, in memory", best_us(events.size(), [&] {
           for (const auto& event : events) set.slice(event, states).value();
         }));
  report("dense features", best_us(events.size(), [&] {
           for (std::size_t i = 0; i < events.size(); ++i)
             dense.read(events[i], slices[i], nothing);
         }));
  report("dense features and text terms", best_us(events.size(), [&] {
           for (std::size_t i = 0; i < events.size(); ++i) set.read(events[i], slices[i], nothing);
         }));
  report("observe, in memory", observe);
  const std::vector<float> contributions(set.features().size(), 1);
  report("all that, and three reasons in plain words", best_us(events.size(), [&] {
           for (std::size_t i = 0; i < events.size(); ++i) {
             FeatureReading(set, events[i], slices[i], nothing).reasons(contributions, 3);
           }
         }));
  measure_texts(events);
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(
        "skipped: no real mails; usage: features_bench content/features/mail.yaml FOLDER "
        "[mails]\n");
    return 0;
  }
  const std::size_t most = count > 3 ? std::stoul(arguments[3]) : 2000;
  const auto status = winnow::bench::run(arguments[1], arguments[2], most);
  if (!status) fmt::print(stderr, "{}\n", status.error().text());
  return status ? 0 : 1;
}
