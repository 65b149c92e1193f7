// People at a browser: a token becomes a session, which a cookie carries.
#pragma once

#include "server/call.h"

namespace winnow::server {

void open_session(Call& call);
void close_session(Call& call);
void list_people(Call& call);
void list_sessions(Call& call);
void end_sessions(Call& call);  // of one who is signed in, everywhere
void tell_who(Call& call);

}  // namespace winnow::server
