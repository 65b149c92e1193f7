#include "cases/detail/grouping.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/digest.h"
#include "names/domain.h"

namespace winnow::cases {
namespace {

// Each band costs a row on a page of its own. Half of them find a pair of similarity 0.7 with
// probability 89 %, one of 0.8 with 98.5 %; campaigns have many pairs.
constexpr std::size_t kBands = kSignatureBands / 2;

// The key of a band: its number and its four values. Whoever shares one by chance fails the
// comparison of the whole signatures.
std::int64_t key_of(const TextSignature& signature, std::size_t band) {
  const auto values = band_of(signature, band);
  const std::string_view bytes(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return std::bit_cast<std::int64_t>(hash64(bytes, band));
}

Result<TextSignature> signature_in(const SqliteBlob& blob) {
  TextSignature signature;
  if (blob.bytes.size() != sizeof signature)
    return Error(Code::Corrupt, "a stored text signature has the wrong size");
  std::memcpy(signature.data(), blob.bytes.data(), sizeof signature);
  return signature;
}

// Whether a case still takes findings in.
bool takes(const Case& subject, Timestamp at) {
  const auto last = std::max(subject.last_finding_at, subject.resolved_at.value_or(Timestamp()));
  return at - last <= kGroupingWindow;
}

template <typename T>
Result<std::optional<T>> first_of(SqliteStatement& select) {
  WINNOW_TRY(const bool found, select.next());
  std::optional<T> value;
  if (!found) return value;
  WINNOW_TRY(select.read(value));
  WINNOW_TRY(select.run());
  return value;
}

}  // namespace

Result<Grouping> Grouping::open(Sqlite& database) {
  Grouping grouping;
  WINNOW_TRY(grouping.by_event_,
             database.prepare("SELECT case_number FROM case_findings WHERE event = ?1 LIMIT 1"));
  WINNOW_TRY(
      grouping.newest_,
      database.prepare("SELECT max(case_number) FROM case_grounds WHERE kind = ?1 AND value = ?2"));
  WINNOW_TRY(grouping.closed_,
             database.prepare("SELECT closed FROM case_correspondents WHERE domain = ?1"));
  WINNOW_TRY(grouping.note_closed_,
             database.prepare("INSERT INTO case_correspondents VALUES (?1, 1) ON CONFLICT DO "
                              "UPDATE SET closed = closed + 1"));
  std::string bands;
  for (std::size_t i = 0; i < kBands; ++i) bands += fmt::format("{}?{}", i ? "," : "", i + 1);
  WINNOW_TRY(grouping.near_,
             database.prepare(fmt::format(
                 "SELECT DISTINCT case_texts.text, value, signature FROM case_bands JOIN "
                 "case_texts ON case_texts.text = case_bands.text WHERE band IN ({}) ORDER BY 1 "
                 "DESC",
                 bands)));
  WINNOW_TRY(grouping.text_of_, database.prepare("SELECT text FROM case_texts WHERE value = ?1"));
  WINNOW_TRY(
      grouping.add_ground_,
      database.prepare("INSERT INTO case_grounds VALUES (?1, ?2, ?3, 1) ON CONFLICT DO UPDATE SET "
                       "findings = findings + 1"));
  WINNOW_TRY(grouping.add_text_,
             database.prepare("INSERT INTO case_texts (value, signature) VALUES (?1, ?2)"));
  WINNOW_TRY(grouping.add_band_,
             database.prepare("INSERT INTO case_bands VALUES (?1, (SELECT text FROM case_texts "
                              "WHERE value = ?2)) ON CONFLICT DO UPDATE SET text = excluded.text"));
  return grouping;
}

Result<std::optional<std::uint64_t>> Grouping::case_of_mail(const Finding& finding) {
  WINNOW_TRY(by_event_->bind(finding.record.decision.event));
  return first_of<std::uint64_t>(*by_event_);
}

Result<std::optional<std::uint64_t>> Grouping::newest_case(const Ground& ground) {
  WINNOW_TRY(newest_->bind(name_of(ground.kind), ground.value));
  return first_of<std::uint64_t>(*newest_);
}

// The text stored that is most alike; of equals the newest.
Result<std::optional<Ground>> Grouping::near_text(const TextSignature& signature) {
  std::array<std::int64_t, kBands> keys{};
  for (std::size_t band = 0; band < kBands; ++band) keys[band] = key_of(signature, band);
  WINNOW_TRY(std::apply([&](const auto&... key) { return near_->bind(key...); }, keys));
  std::optional<Ground> best;
  double best_likeness = kLikeness;
  for (;;) {
    WINNOW_TRY(const bool more, near_->next());
    if (!more) return best;
    std::uint64_t text = 0;
    std::string value;
    SqliteBlob blob;
    WINNOW_TRY(near_->read(text, value, blob));
    WINNOW_TRY(const auto other, signature_in(blob));
    const auto alike = likeness(signature, other);
    if (alike > best_likeness || (alike >= kLikeness && !best)) {
      best_likeness = alike;
      best = Ground{Ground::Kind::NearText, value};
    }
  }
}

// The grounds of the finding, without links to correspondents, with the text that is nearly its
// own.
Result<std::vector<Ground>> Grouping::lookups(const Finding& finding) {
  std::vector<Ground> grounds;
  for (auto& ground : grounds_of(finding)) {
    if (ground.kind == Ground::Kind::Link) {
      WINNOW_TRY(closed_->bind(ground.value));
      WINNOW_TRY(const auto closed, first_of<std::uint64_t>(*closed_));
      if (closed.value_or(0) >= kCorrespondent) continue;
    }
    grounds.push_back(std::move(ground));
  }
  if (grounds.empty() || grounds.front().kind != Ground::Kind::Text) return grounds;
  WINNOW_TRY(text_of_->bind(grounds.front().value));
  WINNOW_TRY(const auto known, first_of<std::uint64_t>(*text_of_));
  if (known) return grounds;
  WINNOW_TRY(auto near, near_text(signature_of(finding.terms)));
  if (near) grounds.insert(grounds.begin() + 1, std::move(*near));
  return grounds;
}

Result<Place> Grouping::place_of(const Finding& finding, CaseTable& cases) {
  Place place;
  WINNOW_TRY(place.all, lookups(finding));
  WINNOW_TRY(const auto same_mail, case_of_mail(finding));
  if (same_mail) {
    WINNOW_TRY(place.home, cases.find(*same_mail));
    if (place.home) place.joining.push_back({Ground::Kind::Mail, ""});
    return place;
  }
  for (const auto& ground : place.all) {
    // A text that is nearly this one is a ground of the cases that had that text.
    const Ground asked =
        ground.kind == Ground::Kind::NearText ? Ground{Ground::Kind::Text, ground.value} : ground;
    WINNOW_TRY(const auto number, newest_case(asked));
    if (!number) continue;
    if (place.home) {
      if (*number == place.home->number) place.joining.push_back(ground);
      continue;
    }
    WINNOW_TRY(auto candidate, cases.find(*number));
    if (!candidate || !takes(*candidate, finding.record.decided_at)) continue;
    place.home = std::move(candidate);
    place.joining.push_back(ground);
  }
  return place;
}

Status Grouping::remember_text(const Ground& text, std::span<const std::uint32_t> terms) {
  WINNOW_TRY(text_of_->bind(text.value));
  WINNOW_TRY(const auto known, first_of<std::uint64_t>(*text_of_));
  if (known) return {};
  const auto signature = signature_of(terms);
  const std::string_view bytes(reinterpret_cast<const char*>(signature.data()), sizeof signature);
  WINNOW_TRY(add_text_->bind(text.value, SqliteBlob{std::string(bytes)}));
  WINNOW_TRY(add_text_->run());
  for (std::size_t band = 0; band < kBands; ++band) {
    WINNOW_TRY(add_band_->bind(key_of(signature, band), text.value));
    WINNOW_TRY(add_band_->run());
  }
  return {};
}

Status Grouping::remember(const Finding& finding, std::uint64_t case_number, const Place& place) {
  for (const auto& ground : place.all) {
    WINNOW_TRY(add_ground_->bind(name_of(ground.kind), ground.value, case_number));
    WINNOW_TRY(add_ground_->run());
    if (ground.kind == Ground::Kind::Text) {
      WINNOW_TRY(remember_text(ground, finding.terms));
    }
  }
  return {};
}

Status Grouping::note_closed(std::string_view sender) {
  const auto at = sender.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto domain = registrable_domain(sender.substr(at + 1));
  if (domain.empty()) return {};
  WINNOW_TRY(note_closed_->bind(domain));
  return note_closed_->run();
}

}  // namespace winnow::cases
