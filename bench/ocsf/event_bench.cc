// Building an event as a mail has it: some eighty attributes, ten links, texts of a few kilobytes.
#include <benchmark/benchmark.h>

#include "ocsf/event.h"
#include "ocsf/mail_attributes.h"

namespace winnow::ocsf {
namespace {

std::vector<Attribute> scalars() {
  std::vector<Attribute> attributes;
  for (int i = 0; i < 70; ++i)
    attributes.push_back(Attribute::of("bench.scalar_" + std::to_string(i)));
  return attributes;
}

Event build(const std::vector<Attribute>& attributes, const std::string& text) {
  EventBuilder event(ClassUid::EmailActivity, Timestamp(), Digest());
  for (std::size_t i = 0; i < attributes.size(); ++i)
    event.set(attributes[i], static_cast<std::int64_t>(i));
  event.set(mail::kText, std::string_view(text)).set(mail::kOwnText, std::string_view(text));
  event.begin_list(mail::kLinks);
  for (int i = 0; i < 10; ++i) {
    event.begin_record().set(mail::link::kUrl, "https://www.example.com/a/path?with=query");
    event.set(mail::link::kHost, "www.example.com").set(mail::link::kRegistrable, "example.com");
    event.set(mail::link::kKind, "href").set(mail::link::kText, "a text");
  }
  event.end_list();
  event.name_entity(EntityKind::Mailbox, Role::Actor, "a@example.com");
  event.name_entity(EntityKind::Domain, Role::Mentioned, "example.com");
  return std::move(event).finish();
}

void bench_build(benchmark::State& state) {
  const auto attributes = scalars();
  const std::string text(4000, 'x');
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(build(attributes, text));
}

void bench_json(benchmark::State& state) {
  const auto event = build(scalars(), std::string(4000, 'x'));
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(event.json(Event::Unmapped::Include));
}

BENCHMARK(bench_build);
BENCHMARK(bench_json);

}  // namespace
}  // namespace winnow::ocsf

BENCHMARK_MAIN();
