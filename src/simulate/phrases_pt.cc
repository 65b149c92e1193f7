#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kPortuguese = R"grammar(
hello: Olá $name, | Bom dia $name, | Olá a todos, | $name,
dear: Caro cliente, | Olá $full, | Exmos. Senhores, | Bom dia,
bye: Cumprimentos,/$sender | Obrigado,/$given | Abraço,/$given | Até já,/$given
regards: Atenciosamente,/Equipa $brand | $brand | Apoio ao cliente $brand
when: amanhã | na quinta-feira | na próxima semana | até sexta | esta tarde | antes de $date
talk_subject: $project: pontos em aberto | Ata | $project, próximos passos | Dúvida sobre
  $project | Reunião {when}
talk_body: {hello}//{talk_line} {talk_line}//{bye} | {hello}//{talk_line}//{bye}
talk_line: Li o documento e tenho duas notas. | Podes ver os números antes da reunião? | A
  reunião mudou, é {when}. | O cliente respondeu sobre $project. | Está tudo na pasta do projeto.
  | Falta um ponto. | Quem trata do contrato? | Enviem-me os comentários {when}. | A entrega está
  confirmada {when}. | Não é urgente, mas não esqueçam.
reply: {hello}//{reply_line}//{bye} | {reply_line}//$given
reply_line: Por mim, tudo bem. | Obrigado, ajuda muito. | Passamos para a tarde? | Vejo isso
  {when}. | De acordo, avança. | Não tenho a certeza do segundo ponto. | Feito, está na pasta.
  | Desculpa a demora.
request_subject: Uma pergunta | Preciso da tua ajuda | Estás disponível? | Hoje | Pagamento
  $number | $project
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name,//{request_line}//{request_more}//$given
request_line: Tens um momento? Preciso de uma coisa {when}. | Prepara por favor o pagamento de
  $amount para $project. | Envias-me a lista das faturas em aberto? | Estou em reuniões o dia
  todo, responde por email. | Temos a cópia assinada do contrato? | Compra por favor os cartões
  oferta da equipa, $amount no total, eu devolvo.
request_more: $pressure Avisa quando estiver feito. | $pressure Conto contigo. | Fica entre nós
  por agora. | Obrigado. | $pressure
invoice_subject: Fatura $number | A sua fatura $number | Lembrete: fatura $number | $brand:
  extrato $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards}
invoice_line: segue em anexo a fatura $number no valor de $amount. | segundo os nossos registos a
  fatura $number de $amount está por pagar. | a sua fatura $number está disponível: <Ver fatura>
  | obrigado pela encomenda. O valor de $amount vence em $date.
invoice_pay: Agradecemos o pagamento para a conta indicada. | Pagamento a $days dias. | Se já
  pagou, ignore esta mensagem. | Pague online: <Pagar> | Indique o número da fatura.
bank_change: Tomem nota da nossa nova conta bancária: $account. | Devido a uma auditoria pedimos
  o pagamento para a conta nova $account. | Como anunciado, mudámos de banco. Conta nova:
  $account.
newsletter_subject: Novidades da $brand | Faltam $days dias: $project | Convite para o seminário
  $project | O seu resumo do mês
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{regards} | {news_line}
  <{news_button}>//{regards}
news_button: Ler mais | Inscrever | Aproveitar | Reservar lugar
news_line: Renovámos $project por completo. | Nesta edição, três clientes contam. | Até $date, um
  terço de desconto. | Os preços mudam em $date. | Tem ainda um crédito de $amount.
share_subject: $sender partilhou "$file" | Documento partilhado: $file | Ficheiro novo em $project
share_body: {hello}//$sender partilhou um ficheiro: $file//<Abrir>//{share_line}
  $pressure//{regards} | {dear}//um documento protegido espera por si: <$file>//{share_line}
  $pressure//{regards}
share_line: A ligação é só para si. | A ligação expira em $days dias. | Entre com a conta da
  empresa.
ticket_subject: [$project-$number] atribuído a si | [$project-$number] comentário novo | Pedido
  $number alterado
ticket_body: $sender comentou $project-$number://{talk_line}//<Ver pedido>//{regards}
it_subject: A sua palavra-passe expira em $days dias | Ação necessária: {it_thing} | Caixa quase
  cheia | Manutenção {when} | Mensagens retidas
it_thing: migração das caixas | mudança de palavra-passe | verificação da conta | atualização de
  segurança
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end}
it_line: a palavra-passe da conta $mailbox expira em $days dias. | vamos migrar todas as caixas
  {when}. | a sua caixa está quase cheia e podem ser recusadas mensagens. | a partir de $date
  será pedido um segundo fator. | em $date o correio e a VPN param uma hora. | há mensagens
  retidas para si.
it_ask: Mude-a aqui: <Mudar palavra-passe> | <Manter a atual> | Entre e confirme: <Confirmar
  conta> | Leia o código com o telefone. | Não precisa de fazer nada. | <Libertar mensagens>
it_end: Suporte informático | $company IT | O administrador | $brand
pressure: Caso contrário o acesso será bloqueado. | Isto não pode esperar. | Sem resposta em 24
  horas a conta será encerrada. | Trate com urgência e sigilo. | Este é o último aviso.
demand: Verifique a sua caixa para evitar a suspensão: <Verificar> | <Manter a palavra-passe>
  | <Clique aqui> para recuperar o acesso. | <Libertar mensagens pendentes> | Confirme os seus
  dados em 24 horas: <Confirmar> | A sua conta será desativada se não a validar: <Validar>
signin_subject: Novo acesso à sua conta | Alerta de segurança | O seu código: $number | Atividade
  invulgar em $brand
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
signin_line: em $date entraram na sua conta $brand com um dispositivo novo. | o seu código de
  verificação é $number. | a palavra-passe da sua conta $brand foi alterada.
signin_ask: Se foi você, nada a fazer. | Não foi? <Proteger a conta> | <Rever atividade>
  | Confirme a identidade: <Confirmar>
parcel_subject: A sua encomenda vai a caminho | Entrega {when} | Encomenda $number: não estava
  ninguém | Alfândega: encomenda $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards}
parcel_line: a encomenda $number chega {when}. | não conseguimos entregar a encomenda $number.
  | o seu pedido saiu do armazém. | a encomenda está na alfândega. | a morada da encomenda
  $number está incompleta.
parcel_ask: <Seguir encomenda> | <Alterar entrega> | Há uma taxa de $amount a pagar: <Pagar taxa>
  | Espera por si $days dias na loja. | <Confirmar morada>
bank_subject: O seu extrato | Pagamento recebido | O seu cartão foi usado | Informação importante
  sobre a conta
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards}
bank_line: o extrato do mês está disponível. | recebemos um pagamento de $amount. | com o seu
  cartão pagaram-se $amount em $date. | o dispositivo de segurança tem de ser renovado até $date.
bank_ask: Entre como de costume. | <Entrar nas contas> | Nunca pedimos a palavra-passe por email.
  | <Comunicar pagamento> | <Renovar>
hr_subject: Recibo de vencimento | Férias | Nova política de viagens | Inquérito | O seu prémio
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye}
hr_line: o teu recibo está no portal. | marca as férias até $date. | a política de viagens mudou.
  | a carta do prémio está pronta. | mudei de banco e quero receber noutra conta a partir deste
  mês.
hr_ask: <Abrir portal> | Lê e confirma: <Ler> | <Responder ao inquérito> | De que impresso
  precisam? | <Ver carta>
private_subject: Fim de semana | Fotos | Jantar na sexta? | Parabéns! | Um favor
private_body: {hello}//{private_line} {private_line}//$given
private_line: Foi bom no domingo. | As fotos estão aqui: <álbum> | Ficamos na mesma casa? | Tenho
  dois bilhetes para {when}. | O meu telefone avariou, escreve para aqui. | Emprestas-me $amount
  até ao fim do mês?
application_subject: Candidatura | Candidatura, referência $number
application_body: {dear}//li com interesse o vosso anúncio $number. Tenho $days anos de
  experiência e posso começar em $date.//Os documentos seguem em anexo.//{bye}
travel_subject: Reserva $number confirmada | A sua viagem de $date
travel_body: {dear}//a reserva $number está confirmada. Partida em $date, total $amount.//<Gerir
  reserva>//{regards}
voicemail_subject: Mensagem de voz nova | Chamada perdida
voicemail_body: {dear}//tem uma mensagem de $days segundos de
  $date.//<Ouvir>//$pressure//{regards}
signature_subject: Para assinar: $file | $sender pede a sua assinatura
signature_body: {hello}//$sender pede que assine "$file".//<Ler e assinar>//O pedido expira em
  $date. $pressure//{regards}
advance_subject: Proposta | A sua herança | Indemnização
advance_body: {dear}//{advance_line} {advance_line}//Responda com nome e telefone.
  $pressure//{bye}
advance_line: escrevo em confiança sobre $amount sem herdeiro. | sou advogado e trato da herança
  de um cliente do seu apelido. | a sua morada foi escolhida para uma indemnização de $amount.
  | uma pequena taxa de $amount cobre o certificado.
footer: Recebe este email porque tem conta na $brand. <Cancelar> | $brand. <Preferências>
  <Cancelar> | Não responda a esta mensagem automática.
quote_line: Em $date, $sender escreveu:
)grammar";

}  // namespace winnow::simulate
