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

// The commit that the repository around `content` has checked out, and the folder's own digest,
// which says exactly what was read whether or not it was committed. Whether the two agree would
// take git's object formats to tell, so `tree` is always Unknown here: two runs of one commit had
// the same content if and only if their content digests are equal. Errors: Unavailable, Denied.
Result<CodeState> content_state(const Path& content);

}  // namespace winnow
