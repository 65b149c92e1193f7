#include "ingest/records/mail_file_reader.h"

#include "ingest/records/mbox_reader.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxFromLine = 1000;

}  // namespace

MailFileReader::MailFileReader(std::unique_ptr<ByteSource> bytes, std::string name,
                               std::uint64_t total, const ReadLimits& limits,
                               std::optional<Problem> problem)
    : input_(std::move(bytes)),
      name_(std::move(name)),
      total_(total),
      limits_(limits),
      problem_(std::move(problem)) {}

Status MailFileReader::read_front(RawRecord& out) {
  WINNOW_TRY(input_.fill_to(limits_.max_kept_bytes));
  out.raw = std::string(input_.view().substr(0, limits_.max_kept_bytes));
  Sha256 digest;
  for (bool more = true; more;) {
    digest.update(input_.view());
    out.size += input_.view().size();
    input_.consume(input_.view().size());
    WINNOW_TRY(more, input_.fill());
  }
  out.digest = digest.finish();
  return {};
}

Result<bool> MailFileReader::next(RawRecord& out) {
  if (done_) return false;
  done_ = true;
  out = RawRecord();
  out.position = {.input = name_};
  if (problem_) {
    WINNOW_TRY(read_front(out));
    out.problem = problem_;
    return true;
  }
  // The From line of an mbox is the mail folder's, not the mail's: the same mail has the same
  // digest with it and without.
  WINNOW_TRY(const std::size_t first_line, input_.line_end(0, kMaxFromLine));
  if (is_mbox_from_line(input_.view().substr(0, first_line))) input_.consume(first_line);
  WINNOW_TRY(const bool too_large, input_.fill_to(limits_.max_record_bytes + 1));
  if (too_large) {
    WINNOW_TRY(read_front(out));
  } else {
    out.raw = std::string(input_.view());
    input_.consume(out.raw.size());
    out.size = out.raw.size();
    out.digest = sha256(out.raw);
  }
  check_mail(out, limits_);
  return true;
}

}  // namespace winnow
