// How a sender is called: its IP address.
#pragma once

#include <string>

struct sockaddr_storage;

namespace winnow::server {

std::string sender_name(const sockaddr_storage& address);

}  // namespace winnow::server
