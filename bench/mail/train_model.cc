// Trains the model that decide_bench decides with, on mails that are not measured.
//
//   mail_bench_trainer CONTENT TRAIN MEASURED MODEL
//
// TRAIN and MEASURED list mails: path, label ("phish" or "ham") and source, separated by tabs. What
// resembles a measured mail does not train either. Writes the classifier's bytes to MODEL.
#include <algorithm>
#include <cstdio>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "bench/mail/mail_content.h"
#include "bench/mail/work_folder.h"
#include "learn/history.h"
#include "learn/splits.h"
#include "learn/trainer.h"
#include "learn/training_run.h"

namespace winnow::bench {
namespace {

constexpr std::uint64_t kMaxMailBytes = 64UL << 20;

struct ListedMail {
  std::string raw;
  NewEvent event;  // its `raw` is set once the mails stay where they are
};

// Those of the listed mails that can be read.
Result<std::vector<ListedMail>> read_mails(const Path& list, const MailContent& content) {
  WINNOW_TRY(const auto lines, read_list(list));
  std::vector<ListedMail> mails;
  for (const auto& line : lines) {
    const auto text = line.string();
    const auto first = text.find('\t'), second = text.find('\t', first + 1);
    if (second == std::string::npos)
      return Error(Code::InvalidArgument, fmt::format("no label and source in '{}'", text));
    WINNOW_TRY(auto raw, read_file(text.substr(0, first), kMaxMailBytes));
    const auto event = content.mapping.apply(RecordForm::Mail, raw);
    if (!event) continue;
    const auto label = text.substr(first + 1, second - first - 1);
    mails.push_back({std::move(raw),
                     {.digest = event->raw_digest(),
                      .event_time = event->time(),
                      .received_time = event->time(),
                      .source = text.substr(second + 1),
                      .label = label == "phish" ? Label::Phish : Label::Benign,
                      .label_origin = "option"}});
  }
  return mails;
}

// Into the log, in the order of digests, so that no list's order shapes the model.
Status store(std::vector<ListedMail> mails, EventLog& events) {
  std::sort(mails.begin(), mails.end(), [](const ListedMail& a, const ListedMail& b) {
    return a.event.digest < b.event.digest;
  });
  std::vector<NewEvent> batch;
  for (const auto& mail : mails) batch.emplace_back(mail.event).raw = mail.raw;
  WINNOW_TRY(events.append(batch));
  return {};
}

Status run(std::span<char*> arguments) {
  WINNOW_TRY(const auto content, MailContent::read(arguments[1]));
  WINNOW_TRY(const auto training, Yaml::read((Path(arguments[1]) / "training/mail.yaml").string()));
  WINNOW_TRY(const auto request, learn::TrainingRequest::from_json(training.json()));
  const WorkFolder folder;
  WINNOW_TRY(auto events, EventLog::open(folder.path() / "events", Access::ReadWrite));
  WINNOW_TRY(auto mails, read_mails(arguments[2], content));
  WINNOW_TRY(auto others, read_mails(arguments[3], content));
  std::set<Digest> measured;
  for (auto& mail : others) {
    measured.insert(mail.event.digest);
    mails.push_back(std::move(mail));
  }
  WINNOW_TRY(store(std::move(mails), events));
  NoProgress progress;
  WINNOW_TRY(const auto history, learn::replay_history(events, {}, DomainMapping(content.mapping),
                                                       content.features, nullptr, progress));
  std::vector<std::uint32_t> train, test;
  for (std::uint32_t row = 0; row < history.data.size(); ++row)
    (measured.contains(history.data.raw(row)) ? test : train).push_back(row);
  const auto rows = learn::purge_groups(history.data, train, test);
  WINNOW_TRY(const auto trained,
             learn::train_classifier(history.data, rows, request.plan,
                                     std::max(1U, std::thread::hardware_concurrency()), progress));
  fmt::print("trained on {} mails; {} more resemble a measured one\n", rows.size(),
             train.size() - rows.size());
  return write_atomically(arguments[4], trained.classifier.to_bytes());
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  if (count != 5) {
    std::fputs("mail_bench_trainer takes CONTENT TRAIN MEASURED MODEL\n", stderr);
    return 2;
  }
  const auto done = winnow::bench::run({arguments, static_cast<std::size_t>(count)});
  if (!done) fmt::print(stderr, "mail_bench_trainer: {}\n", done.error().message());
  return done ? 0 : 1;
}
