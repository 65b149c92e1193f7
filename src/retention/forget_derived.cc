#include "retention/forget_derived.h"

#include "identity/identity_book.h"
#include "ingest/mapping/mapping_folder.h"
#include "retention/erase.h"
#include "search/entity_filters.h"

namespace winnow {
namespace {

bool is_there(const Path& database) {
  std::error_code ignored;
  return !database.empty() && std::filesystem::exists(database, ignored);
}

Status forget_identities(const RetainedFiles& files) {
  if (!is_there(files.identities)) return {};
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

Status forget_filters(const RetainedFiles& files) {
  if (!is_there(files.filters)) return {};
  WINNOW_TRY(search::finish_removals(files.filters));
  return is_there(files.filters) ? erase_deleted(files.filters) : Status();
}

}  // namespace

Status expect_forgetting(const RetainedFiles& files, const EventLog& events,
                         std::span<const Digest> removed) {
  if (is_there(files.filters)) WINNOW_TRY(search::expect_removal(files.filters, events, removed));
  if (!is_there(files.identities)) return {};
  WINNOW_TRY(auto book, identity::IdentityBook::open(events, files.identities, {}));
  return book.expect_removal(removed);
}

Status forget_derived(const RetainedFiles& files) {
  WINNOW_TRY(forget_filters(files));
  return forget_identities(files);
}

}  // namespace winnow
