#include "retention/forget_identities.h"

#include "identity/identity_book.h"
#include "ingest/mapping/mapping_folder.h"
#include "retention/erase.h"

namespace winnow {
namespace {

bool has_identities(const RetainedFiles& files) {
  std::error_code ignored;
  return !files.identities.empty() && std::filesystem::exists(files.identities, ignored);
}

}  // namespace

Status expect_forgetting(const RetainedFiles& files, const EventLog& events,
                         std::span<const Digest> removed) {
  if (!has_identities(files)) return {};
  WINNOW_TRY(auto book, identity::IdentityBook::open(events, files.identities, {}));
  return book.expect_removal(removed);
}

Status forget_identities(const RetainedFiles& files) {
  if (!has_identities(files)) return {};
  WINNOW_TRY(const auto events, EventLog::open(files.events, Access::ReadOnly));
  // A file that does not compile must not keep the rest.
  WINNOW_TRY(auto usable, read_usable_mappings(files.mappings, never_kept));
  {
    WINNOW_TRY(auto book,
               identity::IdentityBook::open(events, files.identities, std::move(usable.mappings)));
    WINNOW_TRY(book.finish_removals());
  }
  return erase_deleted(files.identities);
}

}  // namespace winnow
