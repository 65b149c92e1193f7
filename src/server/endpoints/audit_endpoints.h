// Who changed what, when and why: shown, proven, verified.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_audit(Call& call);
void get_audit_entry(Call& call);
void prove_audit_entry(Call& call);
void get_checkpoint(Call& call);
void get_verifier_keys(Call& call);
void verify_audit(Call& call);

}  // namespace winnow::server
