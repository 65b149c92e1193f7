#include "http/request.h"

namespace winnow::http {

std::string_view name_of(Method method) {
  constexpr std::string_view kNames[] = {"GET",   "HEAD",   "POST",    "PUT",
                                         "PATCH", "DELETE", "OPTIONS", ""};
  return kNames[static_cast<int>(method)];
}

}  // namespace winnow::http
