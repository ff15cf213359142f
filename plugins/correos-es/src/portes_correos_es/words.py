"""What the doctor says, in English and Spanish; it knows no check."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from portes.toolbox import Saying

_said: Final = partial(Saying.of, "es")

SAYINGS: Final[Mapping[str, Saying]] = {
    "tariff_holds": _said(
        "The tariff holds today: {editions}.",
        "La tarifa está vigente hoy: {editions}.",
    ),
    "tariff_is_stale": _said(
        "The tariff does not hold today ({editions}), so nothing can be priced.",
        "La tarifa no está vigente hoy ({editions}), así que no se puede dar ningún precio.",
        "Put the tariff of your contract that holds now into {file}.",
        "Ponga en {file} la tarifa de su contrato que esté vigente.",
    ),
    "tariff_is_odd": _said(
        "The tariff has {count} oddity(ies): {first}",
        "La tarifa tiene {count} anomalía(s): {first}",
        "Look at each in the log of the start, or set strict_tariff = true and run `portes check`.",
        "Revise cada una en el registro del arranque, o ponga strict_tariff = true y ejecute `portes check`.",
    ),
    "tariff_is_sample": _said(
        "The prices are a printed public tariff of another year, a sample; they are not your contract's.",
        "Los precios son los de una tarifa pública impresa de otro año, una muestra; no son los de su contrato.",
        'Write tariff = "tariff.csv" with the prices of your contract, and take sample_tariff out.',
        'Escriba tariff = "tariff.csv" con los precios de su contrato y quite sample_tariff.',
    ),
    "origin_is_priced": _said(
        "From origin {origin} ({code}) these zones have all their prices today: {zones}.",
        "Desde el origen {origin} ({code}) tienen hoy todos sus precios estas zonas: {zones}.",
    ),
    "origin_lacks_prices": _said(
        "From origin {origin} ({code}) the zone map leads to {zones} ({areas}), where prices are missing today: such"
        " quotes fail.",
        "Desde el origen {origin} ({code}) el mapa de zonas lleva a {zones} ({areas}), donde hoy faltan precios: esas"
        " cotizaciones fallan.",
        "Add the rows to {file}, or correct the zone map.",
        "Añada las filas a {file} o corrija el mapa de zonas.",
    ),
    "origin_has_no_price": _said(
        "From origin {origin} ({code}) nothing has a price today, so all its quotes fail.",
        "Desde el origen {origin} ({code}) nada tiene precio hoy, así que todas sus cotizaciones fallan.",
        "Put the tariff of your contract that holds now for this origin into {file}; or correct the origin's postal"
        " code, or the zone map.",
        "Ponga en {file} la tarifa de su contrato vigente para este origen; o corrija el código postal del origen, o"
        " el mapa de zonas.",
    ),
    "origin_is_abroad": _said(
        "Correos does not carry from origin {origin} ({code}), so its quotes fail.",
        "Correos no transporta desde el origen {origin} ({code}), así que sus cotizaciones fallan.",
        "Correct country and postal code of this origin, or ship from it with another carrier.",
        "Corrija el país y el código postal de este origen, o envíe desde él con otro transportista.",
    ),
    "times_are_missing": _said(
        "{product} has prices from origin {origin} ({code}) to {areas} and no transit time: such quotes fail.",
        "{product} tiene precios desde el origen {origin} ({code}) a {areas} y ningún plazo: esas cotizaciones fallan.",
        "Write the days into a file of your own times, and name it as times.",
        "Escriba los días en un fichero de plazos propio e indíquelo en times.",
    ),
    "codes_are_well_formed": _said(
        "The codes of the contract have the right form: {keys}.",
        "Los códigos del contrato tienen la forma correcta: {keys}.",
    ),
    "code_is_missing": _said(
        "{key} is not set; prices do not need it, orders will.",
        "Falta {key}; los precios no lo necesitan, los envíos sí.",
        "Copy it from your contract with Correos.",
        "Cópielo de su contrato con Correos.",
    ),
    "code_is_malformed": _said(
        "{key} does not have the right form: {form_en}.",
        "{key} no tiene la forma correcta: {form_es}.",
        "Copy it again from your contract with Correos.",
        "Cópielo de nuevo de su contrato con Correos.",
    ),
    "credentials_are_missing": _said(
        "Prices need no credentials. Pick-up points do, and these are missing: {keys}.",
        "Los precios no necesitan credenciales. Los puntos de recogida sí, y faltan: {keys}.",
        "client_id and client_secret come from the application in Correos ID (identidad.correos.es), gateway_client_id"
        " and gateway_client_secret from the application in the developer portal.",
        "client_id y client_secret son los de la aplicación en Correos ID (identidad.correos.es); gateway_client_id y"
        " gateway_client_secret, los de la aplicación en el portal de desarrolladores.",
    ),
    "login_works": _said(
        "Correos ID gave a token for the scope {scope}.",
        "Correos ID ha dado un token para el scope {scope}.",
    ),
    "secret_is_wrong": _said(
        "Correos ID does not accept client_id and client_secret: one of them is wrong, or the secret was reset.",
        "Correos ID no acepta client_id y client_secret: uno de los dos es incorrecto, o el secreto se ha regenerado.",
        "Copy both again from the application in Correos ID. A reset makes the old secret useless at once.",
        "Copie ambos de nuevo de la aplicación en Correos ID. Al regenerar el secreto, el anterior deja de valer al"
        " instante.",
    ),
    "secret_was_reset": _said(
        "Correos ID accepted this very client_secret until {until} and does not now: it was reset; ours is dead.",
        "Correos ID aceptó este mismo client_secret hasta el {until} y ya no: se ha regenerado, y el nuestro es el que"
        " ya no vale.",
        "Put the new secret into the settings.",
        "Ponga el secreto nuevo en la configuración.",
    ),
    "secret_never_worked": _said(
        "Correos ID does not accept client_id and client_secret, and has not since this secret was first tried on"
        " {since}.",
        "Correos ID no acepta client_id y client_secret, ni lo ha hecho desde que se probó este secreto por primera vez"
        " el {since}.",
        "Copy both again from the application in Correos ID: one of them was copied wrong, or the secret was reset"
        " before it came here.",
        "Copie ambos de nuevo de la aplicación en Correos ID: uno se copió mal, o el secreto se regeneró antes de"
        " llegar aquí.",
    ),
    "not_activated": _said(
        "Correos ID knows the application, but nobody at Correos has activated it yet.",
        "Correos ID conoce la aplicación, pero en Correos nadie la ha activado todavía.",
        "Send your sales manager this: “Please activate our Correos ID application {client_id} for contract {contract},"
        " with access to the APIs of our offer.”",
        "Envíe a su gestor comercial esta frase: «Por favor, activen nuestra aplicación de Correos ID {client_id} para"
        " el contrato {contract}, con acceso a las API que tenemos contratadas.»",
    ),
    "scope_is_wrong": _said(
        "Correos ID grants a token for the scope {scope}, and the API answers “Invalid token.”: a wrong scope.",
        "Correos ID da un token para el scope {scope} y la API responde «Invalid token.»: el scope no sirve para ella.",
        "Ask Correos's support for the scope of the terminals API and write it as scope.",
        "Pida al soporte de Correos el scope de la API de terminales y escríbalo en scope.",
    ),
    "token_is_not_seen": _said(
        "The gateway answers “JWT Token is required.” to a call that had a token: it saw or understood none.",
        "La pasarela responde «JWT Token is required.» a una llamada que llevaba token: no lo ha visto o entendido.",
        "Look whether base_url is Correos's own address and whether a proxy on the way takes the Authorization header"
        " out. If neither, tell us: the call may be malformed.",
        "Compruebe que base_url sea la dirección de Correos y que ningún proxy intermedio quite la cabecera"
        " Authorization. Si no es eso, avísenos: la llamada puede estar mal formada.",
    ),
    "not_subscribed": _said(
        "The token is good, but the gateway does not let the portal's application use the terminals API.",
        "El token es bueno, pero la pasarela no permite a la aplicación del portal usar la API de terminales.",
        "In the developer portal, ask for access to the terminals API and wait for its approval; check"
        " gateway_client_id and gateway_client_secret.",
        "En el portal de desarrolladores, solicite acceso a la API de terminales y espere su aprobación; revise"
        " gateway_client_id y gateway_client_secret.",
    ),
    "blocked": _said(
        "A firewall before {host} blocks this machine: it answers 403 with a page of HTML.",
        "Un cortafuegos delante de {host} bloquea esta máquina: responde 403 con una página HTML.",
        "Ask Correos to put the address that this machine calls from (IPv4) on the allow list.",
        "Pida a Correos que añada a su lista de direcciones permitidas la IPv4 desde la que llama esta máquina.",
    ),
    "request_is_refused": _said(
        "{host} refuses our call as malformed.",
        "{host} rechaza nuestra llamada por mal formada.",
        "Look whether base_url and login_url are Correos's addresses. If they are, the fault is ours: tell us.",
        "Compruebe que base_url y login_url sean direcciones de Correos. Si lo son, el fallo es nuestro: avísenos.",
    ),
    "unreachable": _said(
        "{host} gave no useful answer.",
        "{host} no ha dado una respuesta útil.",
        "Prices go on without it. Try again later; if it stays so, look at the network of this machine.",
        "Los precios siguen sin ello. Inténtelo más tarde; si persiste, revise la red de esta máquina.",
    ),
    "citypaq_is_listed": _said(
        "The list of Citypaq lockers is answered; asked about {probe}.",
        "La lista de terminales Citypaq responde; se preguntó por {probe}.",
    ),
    "offices_are_listed": _said(
        "The list of post offices is answered; asked about {probe}.",
        "La lista de oficinas responde; se preguntó por {probe}.",
    ),
}
"""By a word of their own."""

__all__ = ["SAYINGS"]
