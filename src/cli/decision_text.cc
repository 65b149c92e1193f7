#include "cli/detail/decision_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kReasonsInQueue = 3;

}  // namespace

std::string percent(double probability) {
  if (std::isnan(probability)) return "-";
  const double value = probability * 100;
  // Never 100 % or 0 %: the model does not know that.
  if (value > 99) return fmt::format("{:.1f} %", std::min(value, 99.9));
  if (value < 1) return fmt::format("{:.1f} %", std::max(value, 0.1));
  return fmt::format("{:.0f} %", value);
}

Console::Tone tone_of(Route route) {
  switch (route) {
    case Route::Escalate:
    case Route::Playbook:
      return Console::Tone::Bad;
    case Route::Queue:
      return Console::Tone::Warning;
    case Route::Close:
      return Console::Tone::Faint;
  }
  return Console::Tone::Plain;
}

void print_queue(Console& console, std::span<const DecisionRecord> records, Reasons reasons) {
  if (records.empty()) {
    console.line("no decisions");
    return;
  }
  for (const auto& record : records) {
    const auto& decision = record.decision;
    const auto subject =
        record.subject.empty() ? std::string("(no subject)") : printable(record.subject);
    const auto sender =
        record.sender.empty() ? std::string("(no sender)") : printable(record.sender);
    const auto head =
        fmt::format("{:<9}{:>7}", name_of(decision.route), percent(decision.probability));
    console.line(fmt::format("{}  {}  {}", console.tinted(head, tone_of(decision.route)),
                             console.tinted(subject, Console::Tone::Strong),
                             console.tinted(decision.id_text(), Console::Tone::Faint)));
    console.line(fmt::format("{:18}from {}, {}", "", sender, decision.event_time.date()));
    if (!decision.stage_says.empty())
      console.line(fmt::format("{:18}{}", "", printable(decision.stage_says)));
    if (reasons == Reasons::LeaveOut) continue;
    for (std::size_t i = 0; i < std::min(kReasonsInQueue, decision.reasons.size()); ++i) {
      const auto& reason = decision.reasons[i];
      console.line(fmt::format("{:18}{} {}", "",
                               reason.weight > 0   ? "+"
                               : reason.weight < 0 ? "-"
                                                   : "*",
                               printable(reason.text)));
    }
  }
}

}  // namespace winnow::cli
