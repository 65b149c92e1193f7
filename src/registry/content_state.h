// Which code the content folder stands for: its git commit, read without running git, and its own
// digest.
#pragma once

#include "base/file.h"
#include "base/result.h"
#include "registry/run.h"

namespace winnow {

// The digest of a folder's files: SHA-256 over the canonical list of (path, digest). Files whose
// name begins with a dot are left out. Errors: Unavailable, Denied.
Result<Digest> folder_digest(const Path& folder);

// The commit that the repository around `content` has checked out, whether the folder's files are
// those of the commit, and the folder's own digest. The tree is compared with git's index, whose
// blob ids are computed again from the files: Clean when all are equal and the index is the
// commit's, Dirty when not, Unknown outside a repository or where the objects cannot be read.
// Errors: Unavailable, Denied.
Result<CodeState> content_state(const Path& content);

}  // namespace winnow
