#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kSpanish = R"grammar(
hello: Hola $name: | Buenos días, $name: | Hola a todos: | $name:
dear: Estimado cliente: | Hola $full: | Estimado señor, estimada señora: | Buenos días:
bye: Un saludo,/$sender | Gracias,/$given | Saludos/$given | Un abrazo,/$given
regards: Atentamente,/El equipo de $brand | $brand | Atención al cliente de $brand
when: mañana | el jueves | la semana que viene | antes del viernes | esta tarde | antes del $date
talk_subject: $project: temas pendientes | Acta | $project, próximos pasos | Duda sobre $project
  | Reunión {when}
talk_body: {hello}//{talk_line} {talk_line}//{bye} | {hello}//{talk_line}//{bye}
talk_line: He leído el documento y tengo dos comentarios. | ¿Puedes mirar las cifras antes de la
  reunión? | La reunión se cambia, es {when}. | El cliente ha respondido sobre $project. | Todo
  está en la carpeta del proyecto. | Queda un tema abierto. | ¿Quién se ocupa del contrato?
  | Enviadme vuestros comentarios {when}. | La entrega está confirmada {when}. | No es urgente,
  pero que no se olvide.
reply: {hello}//{reply_line}//{bye} | {reply_line}//$given
reply_line: Por mí, bien. | Gracias, me ayuda. | ¿Lo pasamos a la tarde? | Lo miro {when}. | De
  acuerdo, adelante. | No estoy seguro del segundo punto. | Hecho, está en la carpeta. | Perdona
  la tardanza.
request_subject: Una pregunta | Necesito tu ayuda | ¿Estás disponible? | Hoy | Pago $number
  | $project
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name://{request_line}//{request_more}//$given
request_line: ¿Tienes un momento? Necesito algo de ti {when}. | Prepara por favor el pago de
  $amount para $project. | ¿Me envías la lista de facturas pendientes? | Estoy reunido todo el
  día, contesta por correo. | ¿Tenemos la copia firmada del contrato? | Compra por favor las
  tarjetas regalo del equipo, $amount en total, te lo devuelvo.
request_more: $pressure Avísame cuando esté. | $pressure Cuento contigo. | Que quede entre
  nosotros por ahora. | Gracias. | $pressure
invoice_subject: Factura $number | Su factura $number | Recordatorio: factura $number | $brand:
  extracto $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards}
invoice_line: adjuntamos la factura $number por $amount. | según nuestros datos la factura
  $number de $amount sigue pendiente. | su factura $number está disponible: <Ver factura>
  | gracias por su pedido. El importe de $amount vence el $date.
invoice_pay: Rogamos el pago en la cuenta indicada. | Pago a $days días. | Si ya ha pagado,
  ignore este mensaje. | Pague en línea: <Pagar> | Indique el número de factura.
bank_change: Tengan en cuenta nuestra nueva cuenta bancaria: $account. | Por una auditoría
  rogamos el pago en la cuenta nueva $account. | Como anunciamos, hemos cambiado de banco. Cuenta
  nueva: $account.
newsletter_subject: Novedades de $brand | Quedan $days días: $project | Invitación al seminario
  $project | Su resumen del mes
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{regards} | {news_line}
  <{news_button}>//{regards}
news_button: Leer más | Inscribirse | Aprovechar la oferta | Reservar plaza
news_line: Hemos renovado $project por completo. | En este número, tres clientes cuentan su caso.
  | Hasta el $date, un tercio de descuento. | Nuestros precios cambian el $date. | Le queda un
  saldo de $amount.
share_subject: $sender ha compartido "$file" | Documento compartido: $file | Archivo nuevo en
  $project
share_body: {hello}//$sender ha compartido un archivo: $file//<Abrir>//{share_line}
  $pressure//{regards} | {dear}//le espera un documento protegido: <$file>//{share_line}
  $pressure//{regards}
share_line: El enlace es solo para usted. | El enlace caduca en $days días. | Entre con su cuenta
  de trabajo.
ticket_subject: [$project-$number] asignado a usted | [$project-$number] comentario nuevo
  | Incidencia $number modificada
ticket_body: $sender ha comentado $project-$number://{talk_line}//<Ver incidencia>//{regards}
it_subject: Su contraseña caduca en $days días | Acción necesaria: {it_thing} | Buzón casi lleno
  | Mantenimiento {when} | Mensajes retenidos
it_thing: traslado de buzones | cambio de contraseña | verificación de la cuenta | actualización
  de seguridad
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end}
it_line: la contraseña de la cuenta $mailbox caduca en $days días. | trasladamos todos los
  buzones {when}. | su buzón está casi lleno y podrían rechazarse mensajes. | desde el $date se
  pedirá un segundo factor. | el $date el correo y la VPN no estarán disponibles durante una
  hora. | hay mensajes para usted retenidos.
it_ask: Cámbiela aquí: <Cambiar contraseña> | <Mantener la contraseña> | Entre y confirme:
  <Confirmar cuenta> | Escanee el código con el teléfono. | No tiene que hacer nada. | <Liberar
  mensajes>
it_end: Soporte informático | $company IT | El administrador | $brand
pressure: De lo contrario se bloqueará su acceso. | Esto no puede esperar. | Sin respuesta en 24
  horas se cerrará la cuenta. | Trátelo con urgencia y discreción. | Este es el último aviso.
demand: Verifique su buzón para evitar la suspensión: <Verificar> | <Conservar mi contraseña>
  | <Haga clic aquí> para recuperar el acceso. | <Liberar mensajes pendientes> | Confirme sus
  datos en 24 horas: <Confirmar> | Su cuenta será desactivada si no la valida: <Validar>
signin_subject: Nuevo acceso a su cuenta | Aviso de seguridad | Su código: $number | Actividad
  inusual en $brand
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
signin_line: el $date se entró en su cuenta de $brand desde un dispositivo nuevo. | su código de
  verificación es $number. | se ha cambiado la contraseña de su cuenta de $brand.
signin_ask: Si fue usted, no haga nada. | ¿No fue usted? <Proteger la cuenta> | <Revisar
  actividad> | Confirme su identidad: <Confirmar>
parcel_subject: Su paquete está en camino | Entrega {when} | Paquete $number: no le encontramos
  | Aduana: paquete $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards}
parcel_line: su paquete $number llega {when}. | no pudimos entregar el paquete $number. | su
  pedido ha salido. | su paquete está en la aduana. | la dirección del paquete $number no está
  completa.
parcel_ask: <Seguir el paquete> | <Cambiar la entrega> | Hay que pagar una tasa de $amount:
  <Pagar la tasa> | Le espera $days días en la tienda. | <Confirmar la dirección>
bank_subject: Su extracto | Pago recibido | Se ha usado su tarjeta | Información importante sobre
  su cuenta
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards}
bank_line: su extracto del mes está disponible. | hemos recibido un pago de $amount. | con su
  tarjeta se pagaron $amount el $date. | debe renovar su dispositivo de seguridad antes del
  $date.
bank_ask: Entre como siempre. | <Entrar en mis cuentas> | Nunca pedimos su contraseña por correo.
  | <Avisar de un pago> | <Renovar>
hr_subject: Nómina | Vacaciones | Nueva política de viajes | Encuesta | Su prima
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye}
hr_line: tu nómina está en el portal. | apunta tus vacaciones antes del $date. | ha cambiado la
  política de viajes. | la carta de tu prima está lista. | he cambiado de banco y quiero cobrar
  en otra cuenta desde este mes.
hr_ask: <Abrir el portal> | Lee y confirma: <Leer> | <Hacer la encuesta> | ¿Qué formulario
  necesitáis? | <Ver la carta>
private_subject: Fin de semana | Fotos | ¿Cenamos el viernes? | ¡Felicidades! | Un favor
private_body: {hello}//{private_line} {private_line}//$given
private_line: Qué bien el domingo. | Las fotos están aquí: <álbum> | ¿Cogemos la misma casa?
  | Tengo dos entradas para {when}. | Se me rompió el teléfono, escribe aquí. | ¿Me prestas
  $amount hasta fin de mes?
application_subject: Candidatura | Candidatura, referencia $number
application_body: {dear}//he leído su anuncio $number con interés. Tengo $days años de
  experiencia y podría empezar el $date.//Adjunto mis documentos.//{bye}
travel_subject: Reserva $number confirmada | Su viaje del $date
travel_body: {dear}//su reserva $number está confirmada. Salida el $date, total
  $amount.//<Gestionar reserva>//{regards}
voicemail_subject: Mensaje de voz nuevo | Llamada perdida
voicemail_body: {dear}//tiene un mensaje de $days segundos del
  $date.//<Escuchar>//$pressure//{regards}
signature_subject: Para firmar: $file | $sender le pide una firma
signature_body: {hello}//$sender le pide que firme "$file".//<Leer y firmar>//La petición caduca
  el $date. $pressure//{regards}
advance_subject: Propuesta | Su herencia | Indemnización
advance_body: {dear}//{advance_line} {advance_line}//Conteste con su nombre y teléfono.
  $pressure//{bye}
advance_line: le escribo en confianza por $amount sin heredero. | soy abogado y llevo la herencia
  de un cliente de su apellido. | su dirección fue elegida para una indemnización de $amount.
  | una pequeña tasa de $amount cubre el certificado.
footer: Recibe este correo porque tiene una cuenta en $brand. <Darse de baja> | $brand.
  <Preferencias> <Darse de baja> | No conteste a este mensaje automático.
quote_line: El $date, $sender escribió:
)grammar";

}  // namespace winnow::simulate
