#include "identity/party.h"

#include "tests/support/support.h"

namespace winnow::identity {
namespace {

using winnow::testing::code_of;

TEST(Party, HostsHaveOneKeyHoweverTheyAreSpelt) {
  struct Case {
    const char *text, *key;
  };
  for (const auto& [text, key] :
       std::initializer_list<Case>{{"WS5", "ws5"},
                                   {"ws5.Example.org", "ws5"},
                                   {"ws5.example.org.", "ws5"},
                                   {"\\\\WS5", "ws5"},
                                   {"00:0C:29:79:2E:C8", "00:0c:29:79:2e:c8"},
                                   {"localhost", ""},
                                   {"192.0.2.7", ""},
                                   {"2001:db8::7", ""},
                                   {"WS5$", ""},
                                   {"a b", ""},
                                   {"x\x1b[2J", ""},
                                   {"-", ""},
                                   {"", ""}}) {
    EXPECT_EQ(host_key(text), key) << text;
  }
}

TEST(Party, UsersArePersons) {
  struct Case {
    const char *name, *domain, *uid, *key;
  };
  for (const auto& [name, domain, uid, key] :
       std::initializer_list<Case>{{"Ana", "EXAMPLE", "S-1-5-21-1-2-3-1104", "ana"},
                                   {"EXAMPLE\\Ana", "", "", "ana"},
                                   {"Ana@example.org", "", "", "ana@example.org"},
                                   {"WS5$", "EXAMPLE", "", ""},
                                   {"SYSTEM", "", "", ""},
                                   {"Système", "AUTORITE NT", "", ""},
                                   {"NT-AUTORITÄT\\Netzwerkdienst", "", "", ""},
                                   {"wer", "", "S-1-5-18", ""},
                                   {"DWM-1", "Window Manager", "S-1-5-90-0-1", ""},
                                   {"UMFD-0", "Font Driver Host", "", ""},
                                   {"ANONYMOUS LOGON", "NT AUTHORITY", "", ""},
                                   {"-", "", "", ""}}) {
    EXPECT_EQ(user_key(name, domain, uid), key) << name;
  }
  EXPECT_EQ(machine_key("WS5$"), "ws5");
  EXPECT_EQ(machine_key("ana"), "");
}

TEST(Party, AddressesBelongToOneMachine) {
  struct Case {
    const char *text, *key;
  };
  for (const auto& [text, key] : std::initializer_list<Case>{{"192.0.2.7", "192.0.2.7"},
                                                             {"::ffff:192.0.2.7", "192.0.2.7"},
                                                             {"2001:DB8::7", "2001:db8::7"},
                                                             {"127.0.0.1", ""},
                                                             {"::1", ""},
                                                             {"::", ""},
                                                             {"0.0.0.0", ""},
                                                             {"fe80::1", ""},
                                                             {"169.254.7.7", ""},
                                                             {"224.0.0.251", ""},
                                                             {"255.255.255.255", ""},
                                                             {"ff02::1", ""},
                                                             {"ws5", ""}}) {
    EXPECT_EQ(address_key(text), key) << text;
  }
}

TEST(Party, ANameMayBeAHostAndAUser) {
  EXPECT_EQ(parties_named("192.0.2.7").value(),
            (std::vector<Party>{{PartyKind::Address, "192.0.2.7"}}));
  EXPECT_EQ(parties_named("Ana").value(),
            (std::vector<Party>{{PartyKind::Host, "ana"}, {PartyKind::User, "ana"}}));
  EXPECT_EQ(parties_named("ana@example.org").value(),
            (std::vector<Party>{{PartyKind::User, "ana@example.org"}}));
  EXPECT_EQ(code_of(parties_named("127.0.0.1")), Code::InvalidArgument);
  EXPECT_EQ(code_of(parties_named("")), Code::InvalidArgument);
  EXPECT_EQ(code_of(party_named(PartyKind::User, "WS5$")), Code::InvalidArgument);
  EXPECT_EQ(party_kind_named("address").value(), PartyKind::Address);
  EXPECT_EQ(code_of(party_kind_named("ip")), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::identity
