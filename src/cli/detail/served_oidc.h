// The identity provider that people may sign in with at `winnow serve`, as the settings say.
#pragma once

#include <optional>

#include "cli/detail/settings.h"
#include "server/access/oidc_sign_in.h"

namespace winnow::cli {

// Nothing where the settings name no issuer. The secret comes from a file, or from
// WINNOW_OIDC_CLIENT_SECRET. Errors: InvalidArgument (one setting without another), those of
// reading the file.
Result<std::optional<server::OidcOptions>> served_oidc(const Settings& settings);

}  // namespace winnow::cli
