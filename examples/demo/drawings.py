"""The demo shop's illustrations: one drawing per kind of thing, in several colourways.

A drawing is an SVG fragment on a 400 x 400 canvas whose colours are names: `$main` and its
shades come from the colourway, the materials are the same everywhere.
"""

from string import Template

# name: (background, main, accent)
COLOURWAYS = {
    "blue": ("#dde7f0", "#4f7cac", "#e9b872"),
    "cream": ("#e3dccf", "#f6f0e4", "#b9784f"),
    "green": ("#dcebdf", "#3f7d58", "#edc27a"),
    "mustard": ("#f8edd0", "#dba63a", "#4f6d8f"),
    "plum": ("#ebe0ec", "#84597f", "#e0b05c"),
    "red": ("#f6dfda", "#c2463d", "#f3d9ac"),
    "rose": ("#f8e4e3", "#d98a8a", "#6a8f86"),
    "rust": ("#f6e3d6", "#c1623f", "#3f6b6b"),
    "sage": ("#e4ecdf", "#7f9d7a", "#d98e5f"),
    "sand": ("#f4ecdc", "#cfb184", "#6f8a86"),
    "slate": ("#e1e6ea", "#4d5b69", "#e08f62"),
    "teal": ("#d8ebe9", "#2f8583", "#efb266"),
}

MATERIALS = {
    "ink": "#3b444d", "inkl": "#5d6872", "paper": "#fbf7ee", "paperd": "#e6decd",
    "steel": "#c6ced4", "steeld": "#98a4ad", "steell": "#e3e8eb",
    "wood": "#c99a6b", "woodd": "#a8794c", "woodl": "#dfbb92",
    "leaf": "#6f9a63", "leafd": "#527a4c", "soil": "#6b5143", "glass": "#cfe3ea", "flame": "#f2b84b",
}


def draw(kind: str, colourway: str) -> str:
    """Returns the whole SVG document for one kind in one colourway."""
    background, main, accent = COLOURWAYS[colourway]
    colours = MATERIALS | {
        "bg": background, "halo": mix(background, "#ffffff", 0.5), "shade": mix(background, "#2b2018", 0.13),
        "main": main, "dark": mix(main, "#1c1a2b", 0.22), "light": mix(main, "#ffffff", 0.34),
        "accent": accent, "accentd": mix(accent, "#1c1a2b", 0.2),
    }
    scene = (
        '<rect width="400" height="400" fill="$bg"/>\n'
        '<circle cx="200" cy="196" r="158" fill="$halo"/>\n'
    )
    body = Template(scene + DRAWINGS[kind].strip()).substitute(colours)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">\n{body}\n</svg>\n'


def mix(colour: str, other: str, share: float) -> str:
    """Returns `colour` with `share` of `other` stirred in."""
    channels = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


DRAWINGS = {
    # Kitchen
    "mug": """
<ellipse cx="200" cy="314" rx="112" ry="11" fill="$shade"/>
<path d="M256 158h22a34 34 0 0 1 34 34v12a44 44 0 0 1-44 44h-14" fill="none" stroke="$dark" stroke-width="22"/>
<path d="M104 118h160v150a44 44 0 0 1-44 44h-72a44 44 0 0 1-44-44z" fill="$main"/>
<path d="M104 250h160v18a44 44 0 0 1-44 44h-72a44 44 0 0 1-44-44z" fill="$woodl"/>
<path d="M104 246h160v6q-14 22-32 10-16-10-30 8-16 16-34-4-14-14-32 2-18 14-32-6z" fill="$main"/>
<ellipse cx="184" cy="118" rx="80" ry="17" fill="$light"/>
<ellipse cx="184" cy="120" rx="68" ry="12" fill="$soil"/>
<rect x="122" y="150" width="12" height="74" rx="6" fill="$light" opacity=".7"/>
<path d="M164 84q-12-14 0-26t0-26M200 84q-12-14 0-26t0-26" fill="none" stroke="$shade" stroke-width="6" stroke-linecap="round"/>
""",
    "cup": """
<ellipse cx="200" cy="306" rx="140" ry="12" fill="$shade"/>
<ellipse cx="200" cy="288" rx="132" ry="20" fill="$dark"/>
<ellipse cx="200" cy="282" rx="132" ry="19" fill="$light"/>
<ellipse cx="200" cy="281" rx="70" ry="9" fill="$main"/>
<path d="M272 186h16a26 26 0 0 1 0 54h-30" fill="none" stroke="$dark" stroke-width="14"/>
<path d="M116 162h168q0 84-48 116h-72q-48-32-48-116z" fill="$main"/>
<path d="M118 190q82 22 164 0l-3 18q-79 21-158 0z" fill="$accent"/>
<ellipse cx="200" cy="162" rx="84" ry="16" fill="$light"/>
<ellipse cx="200" cy="164" rx="72" ry="11" fill="$soil"/>
<path d="M182 126q-12-14 0-26t0-26M216 126q-12-14 0-26t0-26" fill="none" stroke="$shade" stroke-width="6" stroke-linecap="round"/>
""",
    "casserole": """
<ellipse cx="200" cy="306" rx="138" ry="12" fill="$shade"/>
<path d="M86 206H58a12 12 0 0 0-12 12v8a12 12 0 0 0 12 12h30zM314 206h28a12 12 0 0 1 12 12v8a12 12 0 0 1-12 12h-30z" fill="$dark"/>
<path d="M80 180h240v86a38 38 0 0 1-38 38H118a38 38 0 0 1-38-38z" fill="$main"/>
<path d="M80 266h240a38 38 0 0 1-38 38H118a38 38 0 0 1-38-38z" fill="$dark"/>
<rect x="98" y="200" width="12" height="52" rx="6" fill="$light"/>
<path d="M84 172q10-58 116-58t116 58z" fill="$main"/>
<path d="M112 150q14-24 60-30" fill="none" stroke="$light" stroke-width="8" stroke-linecap="round"/>
<rect x="72" y="168" width="256" height="16" rx="8" fill="$light"/>
<rect x="191" y="98" width="18" height="20" fill="$steeld"/><rect x="174" y="84" width="52" height="20" rx="10" fill="$accent"/>
""",
    "pan": """
<ellipse cx="176" cy="300" rx="124" ry="12" fill="$shade"/>
<path d="M238 178 344 72" stroke="$woodd" stroke-width="24" stroke-linecap="round"/>
<path d="M228 188 262 154" stroke="$steeld" stroke-width="24"/>
<circle cx="342" cy="74" r="5" fill="$woodl"/>
<circle cx="168" cy="214" r="108" fill="$ink"/><circle cx="168" cy="214" r="96" fill="$inkl"/>
<circle cx="168" cy="214" r="82" fill="$ink"/>
<path d="M118 212c-6-34 32-52 56-38 30-10 54 16 44 42 10 26-18 46-42 36-30 14-62-8-58-40z" fill="$paper"/>
<circle cx="166" cy="212" r="24" fill="$flame"/><path d="M152 206a15 15 0 0 1 14-12" fill="none" stroke="$paper" stroke-width="5" stroke-linecap="round"/>
<path d="M222 166l14 6M232 250l10-10M112 262l8 10" stroke="$main" stroke-width="7" stroke-linecap="round"/>
""",
    "knife": """
<ellipse cx="200" cy="316" rx="120" ry="10" fill="$shade"/>
<g transform="rotate(-38 200 200)"><path d="M54 182h196v46H120q-46-2-66-46z" fill="$steel"/>
<path d="M60 192h190v36H120q-40-2-60-36z" fill="$steell"/>
<rect x="246" y="176" width="20" height="56" rx="4" fill="$steeld"/>
<path d="M264 180h78q14 2 14 18 0 10-8 14l6 10q0 10-12 10h-78z" fill="$main"/>
<path d="M264 180h78q10 1 13 10h-91z" fill="$light"/>
<circle cx="286" cy="207" r="5" fill="$steel"/><circle cx="314" cy="207" r="5" fill="$steel"/></g>
""",
    "board": """
<ellipse cx="200" cy="330" rx="110" ry="10" fill="$shade"/>
<path d="M176 60a24 24 0 0 1 48 0v42h42a24 24 0 0 1 24 24v174a24 24 0 0 1-24 24H134a24 24 0 0 1-24-24V126a24 24 0 0 1 24-24h42z" fill="$wood"/>
<path d="M146 102v222M190 40v284M252 102v222" stroke="$woodl" stroke-width="9"/>
<circle cx="200" cy="66" r="11" fill="$bg"/>
<path d="M150 262q-8-52 38-76 6 52-38 76z" fill="$leaf"/><path d="M154 250q6-30 24-48" stroke="$leafd" stroke-width="4" fill="none"/>
<circle cx="228" cy="226" r="32" fill="#cf5a45"/><circle cx="218" cy="217" r="8" fill="#e8917f"/>
<path d="M214 196l14 8 14-8-6 12h-16z" fill="$leafd"/>
""",
    "bowl": """
<ellipse cx="200" cy="312" rx="104" ry="11" fill="$shade"/>
<g transform="rotate(24 262 130)"><rect x="256" y="44" width="12" height="120" rx="6" fill="$woodd"/>
<path d="M262 128c-40 30-40 66 0 84 40-18 40-54 0-84zM262 130v80M248 138q-10 40 6 70M276 138q10 40-6 70" fill="none" stroke="$steeld" stroke-width="5"/></g>
<path d="M72 176h256q0 92-66 126H138q-66-34-66-126z" fill="$main"/>
<path d="M77 210q123 30 246 0l-6 24q-117 26-234 0z" fill="$light"/>
<path d="M116 282q84 14 168 0l-22 20H138z" fill="$dark"/>
<rect x="62" y="166" width="276" height="18" rx="9" fill="$light"/>
""",
    "ramekin": """
<ellipse cx="200" cy="306" rx="134" ry="11" fill="$shade"/>
<path d="M76 174h248l-18 116a16 16 0 0 1-16 14H110a16 16 0 0 1-16-14z" fill="$paper"/>
<path d="M106 190l10 100M134 192l6 104M162 194l3 106M190 194v108M218 194l-1 106M246 194l-4 106M274 192l-9 104M298 190l-12 96" stroke="$paperd" stroke-width="7" stroke-linecap="round"/>
<ellipse cx="200" cy="174" rx="128" ry="32" fill="$paperd"/><ellipse cx="200" cy="172" rx="114" ry="25" fill="$main"/>
<path d="M116 172q30-18 62-12t54-8 62 6q-28 26-94 28t-84-14z" fill="$dark"/>
<path d="M148 176q30-10 56-4M228 164q18-4 36 0" stroke="$light" stroke-width="6" stroke-linecap="round" fill="none"/>
""",
    "rollingpin": """
<ellipse cx="200" cy="318" rx="124" ry="10" fill="$shade"/>
<g transform="rotate(-36 200 204)"><rect x="30" y="192" width="340" height="24" rx="12" fill="$main"/>
<rect x="84" y="166" width="232" height="76" rx="16" fill="$wood"/><rect x="84" y="166" width="232" height="24" rx="12" fill="$woodl"/>
<path d="M112 214h90M224 222h60M150 228h40" stroke="$woodd" stroke-width="4" stroke-linecap="round"/></g>
<circle cx="110" cy="126" r="20" fill="none" stroke="$steeld" stroke-width="7"/>
<path d="M296 250l8 16 18 3-13 12 3 18-16-8-16 8 3-18-13-12 18-3z" fill="none" stroke="$steeld" stroke-width="7" stroke-linejoin="round"/>
""",
    "kettle": """
<ellipse cx="196" cy="316" rx="116" ry="11" fill="$shade"/>
<path d="M126 190 74 150l-14 14 52 74z" fill="$dark"/>
<path d="M246 132q74-10 76 58 0 46-42 66" fill="none" stroke="$ink" stroke-width="20" stroke-linecap="round"/>
<path d="M134 130h124l28 156a16 16 0 0 1-16 18H122a16 16 0 0 1-16-18z" fill="$main"/>
<path d="M150 146l-16 118" stroke="$light" stroke-width="12" stroke-linecap="round"/>
<path d="M134 130q4-34 62-34t62 34z" fill="$dark"/><rect x="182" y="74" width="28" height="24" rx="10" fill="$ink"/>
<rect x="100" y="296" width="192" height="20" rx="10" fill="$ink"/><circle cx="232" cy="272" r="9" fill="$accent"/>
""",
    "cafetiere": """
<ellipse cx="192" cy="318" rx="92" ry="10" fill="$shade"/>
<path d="M254 160h40a20 20 0 0 1 20 20v62a20 20 0 0 1-20 20h-40" fill="none" stroke="$main" stroke-width="18"/>
<rect x="188" y="62" width="8" height="70" fill="$steeld"/><circle cx="192" cy="58" r="16" fill="$main"/>
<rect x="124" y="128" width="136" height="182" rx="14" fill="$glass"/>
<path d="M124 206h136v90a14 14 0 0 1-14 14H138a14 14 0 0 1-14-14z" fill="$soil"/>
<rect x="124" y="198" width="136" height="12" fill="$steeld"/>
<path d="M112 132q2-28 80-28t80 28z" fill="$steel"/><path d="M118 126h-22l16 26z" fill="$steel"/>
<rect x="110" y="128" width="164" height="14" rx="7" fill="$main"/><rect x="116" y="288" width="152" height="26" rx="10" fill="$main"/>
<rect x="140" y="154" width="10" height="122" rx="5" fill="$paper" opacity=".55"/>
""",
    "toaster": """
<ellipse cx="200" cy="312" rx="136" ry="12" fill="$shade"/>
<path d="M128 176v-62q-18-26 14-36h76q32 10 14 36v62z" fill="$woodd"/><path d="M140 176v-62q-14-18 8-24h64q22 6 8 24v62z" fill="$woodl"/>
<path d="M176 176v-44q-12-20 12-28h60q26 8 12 28v44z" fill="$woodd"/><path d="M188 176v-44q-10-12 8-16h44q18 4 8 16v44z" fill="$woodl"/>
<path d="M72 200a38 38 0 0 1 38-38h180a38 38 0 0 1 38 38v90a14 14 0 0 1-14 14H86a14 14 0 0 1-14-14z" fill="$main"/>
<path d="M94 200q2-16 20-18h70" fill="none" stroke="$light" stroke-width="10" stroke-linecap="round"/>
<rect x="72" y="276" width="256" height="28" rx="14" fill="$dark"/><rect x="328" y="206" width="22" height="18" rx="7" fill="$ink"/>
<circle cx="268" cy="242" r="16" fill="$steell"/><path d="M268 242v-12" stroke="$ink" stroke-width="5" stroke-linecap="round"/><circle cx="224" cy="242" r="7" fill="$accent"/>
<rect x="94" y="302" width="40" height="10" rx="5" fill="$ink"/><rect x="266" y="302" width="40" height="10" rx="5" fill="$ink"/>
""",
    "blender": """
<ellipse cx="200" cy="328" rx="92" ry="10" fill="$shade"/>
<path d="M264 122h30a14 14 0 0 1 14 14v54a14 14 0 0 1-14 14h-34" fill="none" stroke="$steeld" stroke-width="13"/>
<path d="M124 92h152l-20 146H144z" fill="$glass"/><path d="M131 142q34 16 69 0t69 0l-13 96H144z" fill="$accent"/>
<circle cx="176" cy="178" r="9" fill="$paper" opacity=".6"/><circle cx="216" cy="204" r="7" fill="$paper" opacity=".6"/><circle cx="222" cy="166" r="5" fill="$paper" opacity=".6"/>
<rect x="116" y="76" width="168" height="20" rx="10" fill="$ink"/><rect x="178" y="60" width="44" height="20" rx="8" fill="$ink"/>
<path d="M142 236h116l24 76a12 12 0 0 1-12 14H130a12 12 0 0 1-12-14z" fill="$main"/><rect x="138" y="232" width="124" height="16" rx="8" fill="$dark"/>
<circle cx="200" cy="286" r="20" fill="$steell"/><path d="M200 286l9-11" stroke="$ink" stroke-width="6" stroke-linecap="round"/>
""",
    # Home
    "lamp": """
<ellipse cx="182" cy="322" rx="100" ry="11" fill="$shade"/>
<path d="M194 208 298 162 364 312H222z" fill="$flame" opacity=".28"/>
<path d="M142 308V206l-34-70 92-54" fill="none" stroke="$ink" stroke-width="11" stroke-linejoin="round" stroke-linecap="round"/>
<circle cx="108" cy="136" r="12" fill="$accent"/><circle cx="142" cy="206" r="12" fill="$accent"/>
<path d="M186 92q16-30 46-18 34 14 66 88l-104 46q-32-72-8-116z" fill="$main"/>
<path d="M204 104q-10 36 8 82" fill="none" stroke="$light" stroke-width="9" stroke-linecap="round"/>
<ellipse cx="246" cy="185" rx="57" ry="14" transform="rotate(-24 246 185)" fill="$flame"/>
<path d="M82 316a60 22 0 0 1 120 0z" fill="$dark"/>
""",
    "pendant": """
<path d="M96 236h208l48 108H48z" fill="$flame" opacity=".28"/>
<path d="M200 0v106" stroke="$ink" stroke-width="6"/><rect x="182" y="92" width="36" height="36" rx="8" fill="$accent"/>
<circle cx="200" cy="236" r="30" fill="$flame"/>
<path d="M166 122h68q62 18 74 118H92q12-100 74-118z" fill="$main"/>
<path d="M162 142q-36 22-44 74" fill="none" stroke="$light" stroke-width="11" stroke-linecap="round"/>
<rect x="86" y="230" width="228" height="14" rx="7" fill="$dark"/>
""",
    "pillow": """
<ellipse cx="200" cy="318" rx="124" ry="11" fill="$shade"/>
<path d="M92 96q108 26 216 0 16-4 12 14-26 92 0 184 4 18-14 14-106-26-212 0-18 4-14-14 26-92 0-184-4-18 12-14z" fill="$main"/>
<path d="M120 124q80 16 160 0M120 280q80-16 160 0" fill="none" stroke="$dark" stroke-width="5" stroke-linecap="round"/>
<path d="M200 158l36 44-36 44-36-44z" fill="$accent"/><path d="M200 180l18 22-18 22-18-22z" fill="$light"/>
<path d="M128 176l14 26-14 26M272 176l-14 26 14 26" fill="none" stroke="$light" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>
""",
    "throw": """
<ellipse cx="200" cy="312" rx="134" ry="11" fill="$shade"/>
<rect x="76" y="242" width="248" height="64" rx="30" fill="$dark"/><rect x="76" y="182" width="248" height="68" rx="32" fill="$main"/>
<rect x="76" y="122" width="248" height="68" rx="32" fill="$light"/>
<path d="M214 122h72v158h-72z" fill="$main"/><path d="M226 122v158M250 122v158M274 122v158" stroke="$accent" stroke-width="9"/>
<path d="M220 280v22M236 280v22M252 280v22M268 280v22M282 280v22" stroke="$main" stroke-width="7" stroke-linecap="round"/>
<path d="M104 154h74M104 214h74M104 274h74" stroke="$accent" stroke-width="6" stroke-linecap="round" stroke-dasharray="12 14"/>
""",
    "basket": """
<ellipse cx="200" cy="318" rx="110" ry="11" fill="$shade"/>
<path d="M128 166q0-82 72-82t72 82" fill="none" stroke="$woodd" stroke-width="15"/>
<path d="M116 160q14-44 54-28 34-30 66 4 40-8 46 24z" fill="$main"/><path d="M150 156q20-26 46-8" fill="none" stroke="$light" stroke-width="7" stroke-linecap="round"/>
<path d="M82 160h236l-26 138a16 16 0 0 1-16 14H124a16 16 0 0 1-16-14z" fill="$wood"/>
<path d="M88 196h224M95 232h210M101 268h198" stroke="$woodd" stroke-width="6"/>
<path d="M126 176v8M162 176v8M200 176v8M238 176v8M274 176v8M144 212v8M181 212v8M219 212v8M256 212v8M130 248v8M164 248v8M200 248v8M236 248v8M270 248v8M148 284v8M182 284v8M218 284v8M252 284v8" stroke="$woodl" stroke-width="18"/>
<rect x="72" y="152" width="256" height="20" rx="10" fill="$woodd"/>
""",
    "candle": """
<ellipse cx="200" cy="314" rx="108" ry="11" fill="$shade"/>
<circle cx="200" cy="106" r="58" fill="$flame" opacity=".25"/>
<path d="M200 62q34 40 0 72-34-32 0-72z" fill="$flame"/><path d="M200 96q14 20 0 34-14-14 0-34z" fill="$paper"/>
<path d="M200 128v38" stroke="$ink" stroke-width="5" stroke-linecap="round"/>
<rect x="112" y="158" width="176" height="152" rx="20" fill="$main"/><ellipse cx="200" cy="166" rx="88" ry="16" fill="$light"/><ellipse cx="200" cy="168" rx="76" ry="11" fill="$paper"/>
<rect x="150" y="206" width="100" height="66" rx="8" fill="$paper"/>
<path d="M200 260q-30-10-22-36 22 4 22 36zq30-10 22-36-22 4-22 36z" fill="$accent"/>
<rect x="126" y="196" width="9" height="80" rx="4" fill="$light"/>
""",
    "chair": """
<ellipse cx="200" cy="340" rx="110" ry="10" fill="$shade"/>
<path d="M136 228l-20 110M264 228l20 110M166 228l-8 92M234 228l8 92" stroke="$woodd" stroke-width="13" stroke-linecap="round"/>
<path d="M128 292h144" stroke="$wood" stroke-width="9"/>
<path d="M140 216 128 92M260 216l12-124" stroke="$wood" stroke-width="14" stroke-linecap="round"/>
<rect x="112" y="70" width="176" height="62" rx="26" fill="$wood"/><path d="M136 88h128" stroke="$woodl" stroke-width="8" stroke-linecap="round"/>
<path d="M176 132l4 82M200 132v82M224 132l-4 82" stroke="$wood" stroke-width="9"/>
<path d="M118 206h164l16 30a10 10 0 0 1-10 14H112a10 10 0 0 1-10-14z" fill="$main"/><path d="M128 214h144l5 10H123z" fill="$light"/>
""",
    "shelf": """
<ellipse cx="200" cy="338" rx="116" ry="10" fill="$shade"/>
<rect x="98" y="60" width="204" height="276" rx="8" fill="$wood"/>
<path d="M114 76h172v72H114zM114 164h172v72H114zM114 252h172v68H114z" fill="$woodd"/>
<path d="M124 92h16v56h-16zM164 88h14v60h-14z" fill="$main"/><path d="M142 82h20v66h-20z" fill="$accent"/><path d="M182 100l14-4 16 52h-16z" fill="$light"/>
<circle cx="250" cy="116" r="20" fill="$leaf"/><path d="M234 124h32l-5 24h-22z" fill="$paper"/>
<rect x="126" y="192" width="62" height="44" rx="6" fill="$paper"/><rect x="146" y="206" width="22" height="7" rx="3" fill="$woodd"/>
<path d="M214 178h12v58h-12zM244 184h16v52h-16z" fill="$accent"/><path d="M228 172h14v64h-14zM262 180h12v56h-12z" fill="$light"/>
<path d="M138 264h50q8 0 8 8v48h-66v-48q0-8 8-8z" fill="$main"/><path d="M226 284q-10-22 8-24h18q18 2 8 24 12 20-2 36h-30q-14-16-2-36z" fill="$paper"/>
""",
    # Garden & outdoor
    "planter": """
<ellipse cx="200" cy="328" rx="96" ry="11" fill="$shade"/>
<path d="M200 214q-6-90-4-140" stroke="$leafd" stroke-width="7" fill="none"/>
<path d="M198 160q-72 6-88-64 76-6 88 64zM202 144q66-4 82-72-74 2-82 72zM198 214q-66 8-98-46 72-22 98 46zM202 210q60 10 98-42-66-28-98 42z" fill="$leaf"/>
<path d="M198 96q-30-22-2-64 30 40 2 64z" fill="$leafd"/>
<path d="M116 226h168l-20 86a14 14 0 0 1-14 12H150a14 14 0 0 1-14-12z" fill="$main"/>
<path d="M124 260h152l-4 17H128zM131 289h138l-3 13H134z" fill="$light"/>
<rect x="104" y="204" width="192" height="32" rx="9" fill="$dark"/>
""",
    "trowel": """
<ellipse cx="190" cy="320" rx="110" ry="10" fill="$shade"/>
<g transform="rotate(40 200 200)"><rect x="178" y="30" width="44" height="132" rx="20" fill="$main"/><rect x="186" y="42" width="11" height="104" rx="5" fill="$light"/>
<circle cx="200" cy="50" r="7" fill="$bg"/><rect x="188" y="156" width="24" height="56" fill="$steeld"/>
<path d="M152 218q0-12 14-12h68q14 0 14 12v70q-8 62-48 88-40-26-48-88z" fill="$steel"/><path d="M200 206h34q14 0 14 12v70q-8 62-48 88z" fill="$steeld"/></g>
<path d="M292 318q-2-40-34-48 0 40 34 48zM294 318q0-54 40-66 2 54-40 66z" fill="$leaf"/>
""",
    "secateurs": """
<ellipse cx="200" cy="326" rx="100" ry="10" fill="$shade"/>
<path d="M196 180q-66 40-66 132" stroke="$dark" stroke-width="28" stroke-linecap="round" fill="none"/>
<path d="M204 180q66 40 66 132" stroke="$main" stroke-width="28" stroke-linecap="round" fill="none"/>
<path d="M240 214q24 30 28 84" stroke="$light" stroke-width="7" stroke-linecap="round" fill="none"/>
<path d="M186 196q-28-70 32-148 30 80 2 142z" fill="$steel"/><path d="M218 48q30 80 2 142l-18-8q26-60 16-134z" fill="$steell"/>
<path d="M218 196q30-50 2-96-12 52-40 74z" fill="$steeld" transform="rotate(-62 200 184)"/>
<circle cx="201" cy="188" r="22" fill="$ink"/><circle cx="201" cy="188" r="9" fill="$steel"/>
<path d="M172 236q28 16 56 0" stroke="$accent" stroke-width="9" fill="none" stroke-linecap="round"/>
""",
    "wateringcan": """
<ellipse cx="210" cy="316" rx="116" ry="11" fill="$shade"/>
<path d="M164 266 92 146" stroke="$dark" stroke-width="22"/><path d="M58 152l56-34 8 14-56 34z" fill="$accent"/>
<path d="M66 120l-14-20M82 108 70 84M52 138l-20-12" stroke="$steeld" stroke-width="6" stroke-linecap="round"/>
<path d="M176 170q4-78 68-78 92 0 76 120-4 36-36 52" fill="none" stroke="$dark" stroke-width="15"/>
<path d="M150 168h140l10 132a12 12 0 0 1-12 12H152a12 12 0 0 1-12-12z" fill="$main"/>
<path d="M145 240h150l2 16H144zM170 186l-8 104" fill="$light" stroke="$light" stroke-width="8" stroke-linecap="round"/>
<ellipse cx="220" cy="168" rx="70" ry="14" fill="$dark"/>
""",
    "seeds": """
<ellipse cx="200" cy="334" rx="104" ry="10" fill="$shade"/>
<g transform="rotate(-5 200 200)"><rect x="110" y="64" width="180" height="262" rx="8" fill="$paper"/><path d="M110 72a8 8 0 0 1 8-8h164a8 8 0 0 1 8 8v36H110z" fill="$main"/>
<path d="M132 86h136" stroke="$paper" stroke-width="8" stroke-linecap="round"/>
<path d="M200 296V190" stroke="$leafd" stroke-width="8"/><path d="M200 270q-46 4-58-34 44-6 58 34zM200 256q40 0 56-36-44-4-56 36z" fill="$leaf"/>
<g fill="$main"><circle cx="200" cy="140" r="19"/><circle cx="200" cy="200" r="19"/><circle cx="170" cy="170" r="19"/><circle cx="230" cy="170" r="19"/></g><g fill="$light"><circle cx="179" cy="149" r="16"/><circle cx="221" cy="149" r="16"/><circle cx="179" cy="191" r="16"/><circle cx="221" cy="191" r="16"/></g>
<circle cx="200" cy="170" r="20" fill="$accent"/><path d="M150 310h100" stroke="$paperd" stroke-width="7" stroke-linecap="round"/></g>
""",
    "tent": """
<ellipse cx="200" cy="300" rx="164" ry="14" fill="$shade"/>
<circle cx="302" cy="96" r="26" fill="$flame"/>
<path d="M206 92 360 296H206z" fill="$dark"/><path d="M206 92 40 296h228z" fill="$main"/>
<path d="M206 92 82 244l-42 52z" fill="$light"/>
<path d="M186 296 172 176l-66 120z" fill="$ink"/><path d="M172 176l44 120h-30z" fill="$accent"/>
<path d="M206 92v-18M42 296l-20 12M358 296l22 12" stroke="$ink" stroke-width="6" stroke-linecap="round"/>
<path d="M316 296q4-22 12-30M328 298q2-14 14-24M70 298q-4-14-10-20" stroke="$leaf" stroke-width="6" fill="none" stroke-linecap="round"/>
""",
    "backpack": """
<ellipse cx="200" cy="334" rx="112" ry="11" fill="$shade"/>
<path d="M170 92V74a30 30 0 0 1 60 0v18" fill="none" stroke="$ink" stroke-width="12"/>
<path d="M120 200h-18a18 18 0 0 0-18 18v66a18 18 0 0 0 18 18h18zM280 200h18a18 18 0 0 1 18 18v66a18 18 0 0 1-18 18h-18z" fill="$dark"/>
<path d="M112 162a76 76 0 0 1 76-76h24a76 76 0 0 1 76 76v136a32 32 0 0 1-32 32H144a32 32 0 0 1-32-32z" fill="$main"/>
<path d="M112 162a76 76 0 0 1 76-76h24a76 76 0 0 1 76 76v22q-88 34-176 0z" fill="$light"/>
<path d="M150 150v62M250 150v62" stroke="$woodd" stroke-width="13"/><rect x="139" y="190" width="22" height="20" rx="4" fill="$accent"/><rect x="239" y="190" width="22" height="20" rx="4" fill="$accent"/>
<rect x="138" y="234" width="124" height="76" rx="16" fill="$dark"/><path d="M154 254h92" stroke="$accent" stroke-width="6" stroke-linecap="round"/>
""",
    "flask": """
<ellipse cx="200" cy="338" rx="72" ry="10" fill="$shade"/>
<path d="M148 160q0-26 22-38v-18h60v18q22 12 22 38v152a22 22 0 0 1-22 22h-60a22 22 0 0 1-22-22z" fill="$main"/>
<path d="M148 252h104v60a22 22 0 0 1-22 22h-60a22 22 0 0 1-22-22z" fill="$dark"/>
<path d="M148 246 186 206l20 22 18-18 28 36v10H148z" fill="$light"/><circle cx="222" cy="178" r="11" fill="$accent"/>
<rect x="164" y="100" width="72" height="14" rx="7" fill="$steeld"/>
<path d="M162 98V66a16 16 0 0 1 16-16h44a16 16 0 0 1 16 16v32z" fill="$steel"/><rect x="174" y="62" width="10" height="30" rx="5" fill="$steell"/>
<rect x="160" y="156" width="9" height="46" rx="4" fill="$light"/>
""",
    "helmet": """
<ellipse cx="200" cy="304" rx="118" ry="11" fill="$shade"/>
<path d="M114 234q24 64 80 66M270 234q-8 60-76 66" fill="none" stroke="$ink" stroke-width="9"/><rect x="182" y="290" width="28" height="18" rx="6" fill="$accent"/>
<path d="M62 218q4-124 142-126 128 2 140 122 0 20-20 22H84q-20 0-22-18z" fill="$main"/>
<path d="M62 218q-4 24 20 26h238q26-2 24-30z" fill="$dark"/>
<path d="M128 202q4-60 50-80-22 34-26 80zM190 202q-2-56 14-88 18 36 18 88zM284 202q-6-46-38-80 52 16 62 80z" fill="$ink"/>
<path d="M90 196q6-40 34-62" fill="none" stroke="$light" stroke-width="9" stroke-linecap="round"/>
""",
    "lantern": """
<ellipse cx="200" cy="330" rx="94" ry="11" fill="$shade"/>
<circle cx="200" cy="206" r="110" fill="$flame" opacity=".22"/>
<path d="M140 138q-16-92 60-92t60 92" fill="none" stroke="$ink" stroke-width="9"/>
<path d="M150 110q6-30 50-30t50 30l16 28H134z" fill="$main"/><path d="M164 112q4-16 28-18" fill="none" stroke="$light" stroke-width="7" stroke-linecap="round"/>
<rect x="142" y="138" width="116" height="128" fill="$glass"/>
<path d="M200 160q34 44 0 84-34-40 0-84z" fill="$flame"/><path d="M200 200q14 22 0 40-14-18 0-40z" fill="$paper"/>
<path d="M148 138v128M252 138v128" stroke="$dark" stroke-width="11"/><rect x="160" y="152" width="8" height="92" rx="4" fill="$paper" opacity=".7"/>
<path d="M130 262h140l14 50a12 12 0 0 1-12 14H128a12 12 0 0 1-12-14z" fill="$main"/><circle cx="200" cy="294" r="13" fill="$accent"/>
""",
    # Books & stationery
    "book": """
<ellipse cx="206" cy="334" rx="108" ry="10" fill="$shade"/>
<path d="M118 76a18 18 0 0 1 18-18h148a10 10 0 0 1 10 10v244H118z" fill="$main"/><path d="M118 76a18 18 0 0 1 18-18h8v238h-8a18 18 0 0 0-18 18z" fill="$dark"/>
<path d="M136 296h158v34H136a17 17 0 0 1 0-34z" fill="$paper"/><path d="M136 306h158M136 318h158" stroke="$paperd" stroke-width="4"/>
<path d="M294 330H136a18 18 0 0 1-18-16q0-20 18-20h158v7H138q-12 2-12 12t12 11h156z" fill="$dark"/>
<path d="M168 244q52-36 102 0v16H168z" fill="$light"/><circle cx="220" cy="172" r="30" fill="$accent"/>
<path d="M168 248l34-52 24 30 16-18 28 40z" fill="$dark"/><path d="M178 96h84M194 116h52" stroke="$paper" stroke-width="8" stroke-linecap="round"/>
""",
    "notebook": """
<ellipse cx="204" cy="338" rx="102" ry="10" fill="$shade"/>
<path d="M128 66h160a16 16 0 0 1 16 16v240a16 16 0 0 1-16 16H128z" fill="$paperd"/><rect x="116" y="60" width="176" height="272" rx="14" fill="$main"/>
<path d="M116 74a14 14 0 0 1 14-14h14v272h-14a14 14 0 0 1-14-14z" fill="$dark"/>
<rect x="168" y="104" width="100" height="60" rx="6" fill="$paper"/><path d="M182 124h72M182 142h44" stroke="$paperd" stroke-width="7" stroke-linecap="round"/>
<rect x="262" y="60" width="11" height="272" fill="$accent"/><path d="M206 332v32l10-9 10 9v-32z" fill="$accentd"/>
<path d="M160 276q34-60 88-72-12 58-88 72z" fill="$light" opacity=".7"/>
""",
    "pen": """
<ellipse cx="200" cy="322" rx="104" ry="10" fill="$shade"/>
<path d="M70 300q50-40 84-8t70-12 78 10" fill="none" stroke="$ink" stroke-width="6" stroke-linecap="round"/>
<g transform="rotate(42 200 180)"><rect x="180" y="20" width="40" height="116" rx="18" fill="$dark"/><rect x="214" y="38" width="12" height="78" rx="6" fill="$accent"/>
<rect x="178" y="128" width="44" height="14" fill="$accent"/><path d="M182 142h36l-4 112h-28z" fill="$main"/><rect x="189" y="150" width="8" height="88" rx="4" fill="$light"/>
<path d="M184 254h32l-16 66z" fill="$flame"/><path d="M200 280v36" stroke="$woodd" stroke-width="3"/><circle cx="200" cy="276" r="5" fill="$woodd"/></g>
""",
    "pencils": """
<ellipse cx="200" cy="330" rx="86" ry="10" fill="$shade"/>
<g transform="rotate(-13 170 200)"><path d="M150 92h28v130h-28z" fill="$accent"/><path d="M150 92l14-42 14 42z" fill="$woodl"/><path d="M159 66l5-16 5 16z" fill="$ink"/></g>
<path d="M186 78h28v140h-28z" fill="$flame"/><path d="M186 78l14-42 14 42z" fill="$woodl"/><path d="M195 52l5-16 5 16z" fill="$ink"/>
<g transform="rotate(15 236 200)"><path d="M222 96h28v126h-28z" fill="$light"/><path d="M222 96l14-42 14 42z" fill="$woodl"/><path d="M231 70l5-16 5 16z" fill="$main"/></g>
<path d="M128 182h144v128a16 16 0 0 1-16 16H144a16 16 0 0 1-16-16z" fill="$main"/><path d="M128 182h144v22H128z" fill="$dark"/>
<path d="M128 262q36-26 72 0t72 0v26q-36 24-72 0t-72 0z" fill="$light"/><rect x="142" y="214" width="9" height="36" rx="4" fill="$light"/>
""",
    "organiser": """
<ellipse cx="200" cy="312" rx="138" ry="11" fill="$shade"/>
<rect x="92" y="96" width="34" height="100" fill="$accent"/><rect x="132" y="74" width="30" height="122" fill="$paper"/><rect x="168" y="108" width="28" height="88" fill="$light"/><path d="M140 92h14M140 104h14M99 116h20" stroke="$paperd" stroke-width="5"/>
<path d="M234 176 226 96M256 176V84M276 176l12-74" stroke="$ink" stroke-width="10" stroke-linecap="round"/>
<path d="M76 180h128v128H88a12 12 0 0 1-12-12zM204 164h120v132a12 12 0 0 1-12 12H204z" fill="$main"/>
<path d="M204 164h120v26H204z" fill="$dark"/><path d="M76 180h128v22H76z" fill="$light"/>
<rect x="92" y="222" width="96" height="66" rx="6" fill="$dark"/><circle cx="140" cy="255" r="8" fill="$accent"/>
<rect x="220" y="210" width="88" height="34" rx="6" fill="$dark"/><rect x="220" y="254" width="88" height="34" rx="6" fill="$dark"/><circle cx="264" cy="227" r="6" fill="$accent"/><circle cx="264" cy="271" r="6" fill="$accent"/>
""",
    # Electronics
    "headphones": """
<ellipse cx="200" cy="326" rx="116" ry="11" fill="$shade"/>
<path d="M96 236v-36a104 104 0 0 1 208 0v36" fill="none" stroke="$dark" stroke-width="22"/>
<path d="M128 128a92 92 0 0 1 144 0" fill="none" stroke="$light" stroke-width="10" stroke-linecap="round"/>
<rect x="70" y="208" width="62" height="108" rx="30" fill="$main"/><rect x="116" y="216" width="30" height="92" rx="15" fill="$ink"/>
<rect x="268" y="208" width="62" height="108" rx="30" fill="$main"/><rect x="254" y="216" width="30" height="92" rx="15" fill="$ink"/>
<rect x="82" y="232" width="11" height="54" rx="5" fill="$light"/><circle cx="310" cy="290" r="6" fill="$accent"/>
""",
    "earbuds": """
<ellipse cx="200" cy="322" rx="114" ry="11" fill="$shade"/>
<path d="M160 106a30 30 0 1 0-40 34l4 62a12 12 0 0 0 24 0l2-66q12-14 10-30z" fill="$main"/><ellipse cx="154" cy="106" rx="13" ry="19" fill="$ink"/><path d="M112 104q2-14 14-18" fill="none" stroke="$light" stroke-width="6" stroke-linecap="round"/>
<path d="M240 106a30 30 0 1 1 40 34l-4 62a12 12 0 0 1-24 0l-2-66q-12-14-10-30z" fill="$main"/><ellipse cx="246" cy="106" rx="13" ry="19" fill="$ink"/>
<rect x="94" y="222" width="212" height="96" rx="44" fill="$dark"/><path d="M94 266a44 44 0 0 1 44-44h124a44 44 0 0 1 44 44z" fill="$light"/>
<path d="M94 262h212v8H94z" fill="$ink"/><circle cx="200" cy="292" r="7" fill="$accent"/>
""",
    "speaker": """
<ellipse cx="200" cy="334" rx="92" ry="10" fill="$shade"/>
<rect x="112" y="58" width="176" height="272" rx="26" fill="$main"/><rect x="112" y="58" width="26" height="272" rx="13" fill="$light"/>
<rect x="128" y="72" width="146" height="244" rx="18" fill="$dark"/>
<circle cx="201" cy="236" r="58" fill="$ink"/><circle cx="201" cy="236" r="44" fill="$inkl"/><circle cx="201" cy="236" r="18" fill="$accent"/>
<circle cx="201" cy="126" r="32" fill="$ink"/><circle cx="201" cy="126" r="22" fill="$inkl"/><circle cx="201" cy="126" r="9" fill="$accent"/>
<path d="M148 330h22v10h-22zM230 330h22v10h-22z" fill="$ink"/>
""",
    "radio": """
<ellipse cx="200" cy="310" rx="140" ry="12" fill="$shade"/>
<path d="M262 134 322 46" stroke="$steeld" stroke-width="7" stroke-linecap="round"/><circle cx="322" cy="46" r="7" fill="$steel"/>
<path d="M128 134q0-46 36-46h72q36 0 36 46" fill="none" stroke="$woodd" stroke-width="13"/>
<rect x="66" y="130" width="268" height="174" rx="24" fill="$main"/><rect x="66" y="262" width="268" height="42" rx="21" fill="$dark"/><rect x="84" y="148" width="132" height="114" rx="12" fill="$paper"/>
<path d="M98 168h104M98 186h104M98 204h104M98 222h104M98 240h104" stroke="$paperd" stroke-width="8" stroke-linecap="round"/>
<circle cx="274" cy="184" r="36" fill="$paper"/><path d="M274 184l18-20" stroke="$accent" stroke-width="7" stroke-linecap="round"/><circle cx="274" cy="184" r="9" fill="$ink"/>
<circle cx="250" cy="248" r="12" fill="$accent"/><circle cx="296" cy="248" r="12" fill="$accent"/>
""",
    "turntable": """
<ellipse cx="200" cy="318" rx="148" ry="12" fill="$shade"/>
<rect x="54" y="98" width="292" height="204" rx="18" fill="$wood"/><rect x="54" y="98" width="292" height="190" rx="18" fill="$woodl"/>
<circle cx="174" cy="194" r="84" fill="$ink"/><circle cx="174" cy="194" r="66" fill="none" stroke="$inkl" stroke-width="3"/><circle cx="174" cy="194" r="50" fill="none" stroke="$inkl" stroke-width="3"/>
<circle cx="174" cy="194" r="30" fill="$main"/><circle cx="174" cy="194" r="6" fill="$paper"/>
<circle cx="302" cy="138" r="22" fill="$steeld"/><path d="M302 138v72l-62 34" fill="none" stroke="$steell" stroke-width="9" stroke-linejoin="round"/><rect x="220" y="234" width="30" height="16" rx="4" fill="$main" transform="rotate(-29 235 242)"/>
<circle cx="310" cy="262" r="11" fill="$dark"/><rect x="82" y="302" width="36" height="14" rx="6" fill="$ink"/><rect x="282" y="302" width="36" height="14" rx="6" fill="$ink"/>
""",
    "cable": """
<ellipse cx="200" cy="322" rx="116" ry="10" fill="$shade"/>
<path d="M104 108v40q0 44 52 44h78a56 56 0 0 1 0 112h-64a42 42 0 0 1 0-84h60a28 28 0 0 1 28 28" fill="none" stroke="$dark" stroke-width="15" stroke-linecap="round"/>
<path d="M258 248q44-14 44-86v-30" fill="none" stroke="$main" stroke-width="15"/>
<rect x="80" y="84" width="48" height="68" rx="12" fill="$main"/><rect x="88" y="50" width="32" height="36" rx="5" fill="$steel"/><path d="M98 62h12" stroke="$steeld" stroke-width="7" stroke-linecap="round"/>
<rect x="278" y="84" width="48" height="60" rx="12" fill="$main"/><rect x="286" y="58" width="32" height="28" rx="12" fill="$steel"/><rect x="92" y="98" width="8" height="40" rx="4" fill="$light"/><rect x="290" y="96" width="8" height="36" rx="4" fill="$light"/>
<rect x="186" y="184" width="24" height="32" rx="6" fill="$accent"/>
""",
    "powerbank": """
<ellipse cx="206" cy="330" rx="104" ry="10" fill="$shade"/>
<path d="M232 84V62a26 26 0 0 1 52 0v92" fill="none" stroke="$ink" stroke-width="9"/><rect x="222" y="70" width="20" height="24" rx="4" fill="$steeld"/><rect x="270" y="148" width="28" height="38" rx="7" fill="$accent"/>
<rect x="122" y="90" width="140" height="236" rx="26" fill="$main"/><rect x="122" y="90" width="28" height="236" rx="14" fill="$light"/>
<path d="M212 148l-44 66h28l-10 54 44-70h-28z" fill="$paper"/>
<g fill="$accent"><circle cx="170" cy="300" r="6"/><circle cx="190" cy="300" r="6"/><circle cx="210" cy="300" r="6"/></g><circle cx="230" cy="300" r="6" fill="$dark"/>
""",
    "keyboard": """
<ellipse cx="200" cy="294" rx="164" ry="12" fill="$shade"/>
<rect x="38" y="122" width="324" height="168" rx="20" fill="$dark"/><rect x="38" y="118" width="324" height="160" rx="20" fill="$main"/>
<g stroke="$paper" stroke-width="26" stroke-linecap="round"><path d="M72 148h.1M109 148h.1M146 148h.1M183 148h.1M220 148h.1M257 148h.1M294 148h34M72 182h12M120 182h.1M157 182h.1M194 182h.1M231 182h.1M268 182h.1M305 182h23M72 216h22M131 216h.1M168 216h.1M205 216h.1M242 216h.1M72 250h.1M109 250h.1M257 250h.1"/></g>
<path d="M279 216h49M294 250h34" stroke="$accent" stroke-width="26" stroke-linecap="round"/><path d="M146 250h74" stroke="$light" stroke-width="26" stroke-linecap="round"/>
""",
    "mouse": """
<ellipse cx="200" cy="330" rx="92" ry="11" fill="$shade"/>
<path d="M200 98q0-44 40-46t42-40" fill="none" stroke="$ink" stroke-width="8"/>
<path d="M112 184a88 88 0 0 1 176 0v58a88 88 0 0 1-176 0z" fill="$main"/><path d="M200 96a88 88 0 0 1 88 88v14h-88zM112 198v-14a88 88 0 0 1 88-88v102z" fill="$light"/>
<path d="M200 96v102M112 200h176" stroke="$dark" stroke-width="5"/><rect x="187" y="128" width="26" height="50" rx="13" fill="$ink"/><rect x="194" y="138" width="12" height="24" rx="6" fill="$accent"/>
<path d="M136 248q8 44 46 56" fill="none" stroke="$light" stroke-width="9" stroke-linecap="round"/>
""",
    # Toys & games
    "puzzle": """
<ellipse cx="200" cy="326" rx="118" ry="10" fill="$shade"/>
<path d="M84 92h112v34a20 20 0 1 1 0 40v34h-34a20 20 0 1 0-40 0H84z" fill="$main"/>
<path d="M204 92h112v108h-34a20 20 0 1 0-40 0h-38v-30a24 24 0 1 0 0-48z" fill="$accent"/>
<path d="M84 208h36a24 24 0 1 1 44 0h32v108H84z" fill="$light"/>
<g transform="rotate(9 262 264) translate(14 10)"><path d="M204 208h34a24 24 0 1 0 44 0h34v108H204v-32a20 20 0 1 0 0-40z" fill="$dark"/></g>
""",
    "game": """
<ellipse cx="200" cy="324" rx="136" ry="11" fill="$shade"/>
<path d="M200 164 352 244 200 320 48 244z" fill="$dark"/><path d="M200 152 352 232 200 308 48 232z" fill="$main"/>
<path d="M200 176l45 24-45 22-45-22zM290 224l-45 22 -45-22 45-24zM200 270l-45-24 45-22 45 22zM110 224l45-24 45 24-45 22z" fill="$light" opacity=".45"/>
<path d="M200 176l45 24-45 22-45-22zM200 270l-45-24 45-22 45 22z" fill="$paper"/>
<path d="M126 216q-6-12 8-18 6-24 8-46h24q2 22 8 46 14 6 8 18-28 14-56 0z" fill="$accent"/><circle cx="154" cy="132" r="24" fill="$accent"/><circle cx="147" cy="125" r="6" fill="$paper" opacity=".6"/>
<g transform="rotate(14 256 156)"><rect x="216" y="116" width="78" height="78" rx="14" fill="$light"/><g fill="$ink"><circle cx="236" cy="136" r="7"/><circle cx="274" cy="136" r="7"/><circle cx="255" cy="155" r="7"/><circle cx="236" cy="174" r="7"/><circle cx="274" cy="174" r="7"/></g></g>
""",
    "train": """
<ellipse cx="200" cy="316" rx="152" ry="11" fill="$shade"/>
<circle cx="108" cy="68" r="16" fill="$shade"/><circle cx="142" cy="48" r="22" fill="$shade"/>
<path d="M88 110h40v56H88z" fill="$ink"/><rect x="80" y="98" width="56" height="18" rx="7" fill="$accent"/>
<rect x="64" y="160" width="160" height="98" rx="26" fill="$main"/><rect x="84" y="174" width="100" height="11" rx="5" fill="$light"/>
<path d="M212 96h112v166H212z" fill="$dark"/><rect x="236" y="124" width="64" height="58" rx="8" fill="$glass"/><rect x="198" y="80" width="140" height="22" rx="9" fill="$accent"/>
<path d="M52 258h288v20H52zM52 278h-24l24-36z" fill="$woodd"/>
<circle cx="104" cy="282" r="32" fill="$woodl"/><circle cx="184" cy="282" r="32" fill="$woodl"/><circle cx="282" cy="274" r="40" fill="$woodl"/><circle cx="104" cy="282" r="11" fill="$main"/><circle cx="184" cy="282" r="11" fill="$main"/><circle cx="282" cy="274" r="14" fill="$main"/>
<circle cx="160" cy="160" r="17" fill="$flame"/>
""",
    "blocks": """
<ellipse cx="200" cy="318" rx="148" ry="11" fill="$shade"/>
<rect x="64" y="218" width="96" height="96" rx="8" fill="$main"/><rect x="240" y="218" width="96" height="96" rx="8" fill="$accent"/>
<path d="M160 314v-60a40 40 0 0 1 80 0v60z" fill="$woodl"/><path d="M180 314v-52a20 20 0 0 1 40 0v52z" fill="$woodd"/>
<rect x="84" y="184" width="232" height="34" rx="6" fill="$wood"/><rect x="102" y="98" width="58" height="86" rx="6" fill="$light"/><rect x="240" y="98" width="58" height="86" rx="6" fill="$dark"/>
<path d="M92 98l39-54 39 54z" fill="$main"/><path d="M230 98l39-54 39 54z" fill="$flame"/><circle cx="200" cy="150" r="34" fill="$main"/>
<circle cx="112" cy="266" r="24" fill="$light"/><path d="M288 240l26 46h-52z" fill="$paper"/><path d="M186 140q4-10 14-12" stroke="$light" stroke-width="6" fill="none" stroke-linecap="round"/>
""",
    "bear": """
<ellipse cx="200" cy="334" rx="112" ry="11" fill="$shade"/>
<circle cx="138" cy="92" r="32" fill="$main"/><circle cx="262" cy="92" r="32" fill="$main"/><circle cx="138" cy="92" r="16" fill="$light"/><circle cx="262" cy="92" r="16" fill="$light"/>
<ellipse cx="118" cy="242" rx="26" ry="50" transform="rotate(24 118 242)" fill="$dark"/><ellipse cx="282" cy="242" rx="26" ry="50" transform="rotate(-24 282 242)" fill="$dark"/>
<ellipse cx="200" cy="262" rx="80" ry="70" fill="$main"/><ellipse cx="200" cy="268" rx="46" ry="44" fill="$light"/>
<circle cx="136" cy="310" r="32" fill="$dark"/><circle cx="264" cy="310" r="32" fill="$dark"/><circle cx="136" cy="312" r="17" fill="$light"/><circle cx="264" cy="312" r="17" fill="$light"/>
<ellipse cx="200" cy="144" rx="84" ry="74" fill="$main"/><ellipse cx="200" cy="172" rx="38" ry="30" fill="$light"/>
<circle cx="166" cy="136" r="8" fill="$ink"/><circle cx="234" cy="136" r="8" fill="$ink"/><ellipse cx="200" cy="160" rx="13" ry="9" fill="$ink"/><path d="M200 168v8m-14 4q14 12 28 0" fill="none" stroke="$ink" stroke-width="4" stroke-linecap="round"/>
<path d="M200 220l-36-16v32zM200 220l36-16v32z" fill="$accent"/><circle cx="200" cy="220" r="9" fill="$accentd"/>
""",
    # Clothing
    "sweater": """
<ellipse cx="200" cy="334" rx="104" ry="10" fill="$shade"/>
<path d="M136 84 84 116 52 284l44 14 36-116zM264 84l52 32 32 168-44 14-36-116z" fill="$dark"/>
<path d="M52 272l44 14-4 22-46-14zM348 272l-44 14 4 22 46-14z" fill="$accent"/>
<path d="M136 84q64 22 128 0l12 26v204H124V110z" fill="$main"/><rect x="122" y="304" width="156" height="24" rx="6" fill="$accent"/>
<path d="M156 76q44 30 88 0l8 12q-52 44-104 0z" fill="$accent"/>
<path d="M124 176l19-18 19 18 19-18 19 18 19-18 19 18 19-18 19 18M124 232l19-18 19 18 19-18 19 18 19-18 19 18 19-18 19 18" fill="none" stroke="$light" stroke-width="9"/>
<path d="M133 202h134" stroke="$accent" stroke-width="9" stroke-dasharray="9 16"/>
""",
    "raincoat": """
<ellipse cx="200" cy="342" rx="104" ry="10" fill="$shade"/>
<path d="M146 104 96 130 64 276l44 12 36-96zM254 104l50 26 32 146-44 12-36-96z" fill="$dark"/>
<path d="M144 102h112l26 232H118z" fill="$main"/><path d="M138 110q-4-72 62-72t62 72q-62 34-124 0z" fill="$light"/><path d="M160 104q-2-42 40-42t40 42q-40 20-80 0z" fill="$dark"/>
<path d="M200 120v214" stroke="$dark" stroke-width="6"/><g fill="$paper"><circle cx="214" cy="154" r="7"/><circle cx="214" cy="200" r="7"/><circle cx="214" cy="246" r="7"/><circle cx="214" cy="292" r="7"/></g>
<path d="M136 246h44v40h-48zM228 246h36l4 40h-40z" fill="$light"/><path d="M136 246h44v12h-45zM228 246h36l1 12h-37z" fill="$dark"/>
<path d="M58 90l-8 20M340 70l-8 20M318 30l-8 20M88 40l-8 20M356 180l-7 18M36 190l-7 18" stroke="$accent" stroke-width="7" stroke-linecap="round"/>
""",
    "tee": """
<ellipse cx="200" cy="334" rx="98" ry="10" fill="$shade"/>
<path d="M144 82 72 118l-22 76 52 18 22-36v150h152V176l22 36 52-18-22-76-72-36q-56 40-112 0z" fill="$main"/>
<path d="M144 82q56 40 112 0l14 8q-70 58-140 0z" fill="$dark"/><path d="M124 176l-6-40M276 176l6-40" stroke="$dark" stroke-width="5" stroke-linecap="round"/>
<circle cx="200" cy="206" r="42" fill="$accent"/><path d="M158 210q20-26 42-6t42-2a42 42 0 0 1-84 8z" fill="$light"/><path d="M124 310h152" stroke="$dark" stroke-width="4" stroke-dasharray="8 8"/>
""",
    "socks": """
<ellipse cx="206" cy="326" rx="122" ry="10" fill="$shade"/>
<path d="M196 76h78v126q2 24 30 40l28 16q26 20 10 48-10 16-36 14-54-4-94-44-16-18-16-40z" fill="$dark"/><path d="M196 76h78v30h-78z" fill="$accentd"/>
<path d="M106 70h82v130q2 26 32 44l30 18q26 22 10 48-12 14-38 12-56-4-98-46-18-20-18-42z" fill="$main"/>
<path d="M106 70h82v32h-82z" fill="$accent"/><path d="M118 76v20M134 76v20M150 76v20M166 76v20M178 76v20" stroke="$accentd" stroke-width="4"/>
<path d="M106 124h82v16h-82zM106 160h82v16h-82z" fill="$light"/><path d="M108 246q36 4 52-32l30-2q-10 54-60 66-18-14-22-32z" fill="$accent"/><path d="M228 248l22 14q26 22 10 48-12 14-38 12h-8q24-30 14-74z" fill="$accent"/>
""",
    "beanie": """
<ellipse cx="200" cy="314" rx="120" ry="11" fill="$shade"/>
<circle cx="200" cy="84" r="38" fill="$accent"/><path d="M180 72q6-12 18-14M212 98q10-4 14-14" stroke="$paper" stroke-width="5" stroke-linecap="round" fill="none" opacity=".7"/>
<path d="M92 250q-6-138 108-140 114 2 108 140z" fill="$main"/>
<path d="M130 244q-8-80 34-124M174 244q-8-76 14-128M226 244q8-76-14-128M270 244q8-80-34-124" fill="none" stroke="$light" stroke-width="8"/>
<rect x="78" y="234" width="244" height="72" rx="24" fill="$dark"/><path d="M112 246v48M142 246v48M172 246v48M202 246v48M232 246v48M262 246v48M290 246v48" stroke="$main" stroke-width="10" stroke-linecap="round"/>
""",
    "boot": """
<ellipse cx="206" cy="326" rx="136" ry="11" fill="$shade"/>
<path d="M122 76h104v118q10 30 60 42 48 12 52 54H104q4-60 18-90z" fill="$main"/><path d="M122 76h40v214h-58q4-60 18-90z" fill="$dark"/>
<path d="M112 66h122a10 10 0 0 1 0 30H116a10 10 0 0 1-4-30z" fill="$accent"/>
<path d="M96 284h248v20a16 16 0 0 1-16 16H112a16 16 0 0 1-16-16z" fill="$ink"/><path d="M96 284h248v12H96z" fill="$woodl"/>
<path d="M188 118l38 10M188 148l38 8M192 178l38 8M204 208l40-4M228 228l32-16" stroke="$paper" stroke-width="7" stroke-linecap="round"/><path d="M278 236q18 10 22 50" fill="none" stroke="$dark" stroke-width="6"/>
""",
    "sneaker": """
<ellipse cx="200" cy="296" rx="158" ry="11" fill="$shade"/>
<path d="M52 152q30 20 74 0 20-12 40-16l68 62q30 22 74 26 46 6 44 40H50q-10-60 2-112z" fill="$main"/>
<path d="M52 152q30 20 74 0l8-5q2 74-84 101-4-60 2-96z" fill="$dark"/><path d="M298 223q56 4 54 41h-86q4-30 32-41z" fill="$light"/>
<path d="M42 256h314q6 36-26 36H66q-26 0-24-36z" fill="$paper"/><path d="M44 276h310" stroke="$accent" stroke-width="6"/>
<path d="M168 176l28-20M188 196l28-20M210 214l28-18" stroke="$paper" stroke-width="9" stroke-linecap="round"/><path d="M112 248q70-4 96-40" fill="none" stroke="$accent" stroke-width="13" stroke-linecap="round"/>
""",
    # Workshop
    "hammer": """
<ellipse cx="200" cy="330" rx="110" ry="10" fill="$shade"/>
<g transform="rotate(34 200 200)"><rect x="184" y="112" width="32" height="110" fill="$woodl"/><path d="M182 200h36l6 156a14 14 0 0 1-14 14h-20a14 14 0 0 1-14-14z" fill="$main"/>
<path d="M190 232h20M189 256h22M188 280h24M187 304h26" stroke="$light" stroke-width="6" stroke-linecap="round"/>
<path d="M228 66h52a10 10 0 0 1 10 10v44a10 10 0 0 1-10 10h-52z" fill="$steeld"/><path d="M168 66h64v64h-64q-30 4-56 36-4-80 56-100z" fill="$steel"/><path d="M168 66h64v18h-82q8-12 18-18z" fill="$steell"/></g>
""",
    "screwdriver": """
<ellipse cx="200" cy="330" rx="110" ry="10" fill="$shade"/>
<g transform="rotate(38 200 200)"><path d="M166 66a34 34 0 0 1 68 0v92q-6 16-16 20h-36q-10-4-16-20z" fill="$main"/><path d="M184 58v104M216 58v104" stroke="$dark" stroke-width="9" stroke-linecap="round"/><path d="M200 52v108" stroke="$light" stroke-width="8" stroke-linecap="round"/>
<rect x="182" y="176" width="36" height="20" rx="4" fill="$accent"/><rect x="192" y="194" width="16" height="134" fill="$steel"/><path d="M192 194h6v134h-6z" fill="$steell"/><path d="M192 326h16l6 24-7 20h-14l-7-20z" fill="$steeld"/></g>
<g transform="translate(296 262)"><circle r="28" fill="$steeld"/><circle r="21" fill="$steel"/><path d="M-12 0h24M0-12v24" stroke="$ink" stroke-width="6" stroke-linecap="round"/></g>
""",
    "drill": """
<ellipse cx="220" cy="334" rx="100" ry="10" fill="$shade"/>
<path d="M34 138h66v8H34l-10-4z" fill="$steeld"/><path d="M92 116h40v52H92l-10-12v-28z" fill="$ink"/>
<path d="M128 92h168a34 34 0 0 1 34 34v32a26 26 0 0 1-26 26H128z" fill="$main"/><path d="M128 92h168q20 0 29 16H128z" fill="$light"/>
<path d="M212 184h84l22 96h-78z" fill="$dark"/><path d="M212 184h-34l8 34h34z" fill="$accent"/><path d="M248 204h32M253 228h32M258 252h32" stroke="$main" stroke-width="8" stroke-linecap="round"/>
<rect x="214" y="274" width="126" height="54" rx="12" fill="$ink"/><rect x="230" y="290" width="60" height="11" rx="5" fill="$accent"/><path d="M282 124h28M282 142h28M282 160h28" stroke="$dark" stroke-width="7" stroke-linecap="round"/><circle cx="164" cy="140" r="13" fill="$accent"/>
""",
    "tape": """
<ellipse cx="186" cy="310" rx="140" ry="11" fill="$shade"/>
<path d="M208 276h150v28H208z" fill="$flame"/><path d="M236 276v12M256 276v18M276 276v12M296 276v18M316 276v12M336 276v18" stroke="$ink" stroke-width="4"/><path d="M354 270h10v44h-10z" fill="$steeld"/>
<path d="M68 152a72 72 0 0 1 72-72h40a72 72 0 0 1 72 72v138a16 16 0 0 1-16 16H96a28 28 0 0 1-28-28z" fill="$main"/><path d="M68 152a72 72 0 0 1 72-72h40" fill="none" stroke="$light" stroke-width="10" stroke-linecap="round" transform="translate(10 12)"/>
<circle cx="160" cy="190" r="62" fill="$dark"/><circle cx="160" cy="190" r="46" fill="$paper"/><circle cx="160" cy="190" r="17" fill="$accent"/><rect x="196" y="68" width="44" height="22" rx="9" fill="$ink"/>
""",
    "caliper": """
<ellipse cx="200" cy="326" rx="124" ry="10" fill="$shade"/>
<g transform="rotate(-24 200 200)"><rect x="46" y="142" width="322" height="36" rx="4" fill="$steel"/><path d="M46 142h58v72l-30 90H60l-14-90z" fill="$steeld"/><path d="M62 142l12-44 18 44z" fill="$steeld"/>
<path d="M128 132h146v72h-98l-32 100h-14l-2-90z" fill="$main"/><path d="M134 132l14-40 16 40z" fill="$main"/><rect x="186" y="144" width="76" height="38" rx="6" fill="$paper"/><path d="M198 163h14M220 163h14M242 163h10" stroke="$ink" stroke-width="9"/>
<circle cx="244" cy="206" r="14" fill="$accent"/><path d="M292 150v14M308 150v20M324 150v14M340 150v20M356 150v14" stroke="$inkl" stroke-width="4"/></g>
""",
    "screws": """
<ellipse cx="200" cy="326" rx="124" ry="11" fill="$shade"/>
<g transform="rotate(-14 140 200)"><path d="M122 120h36v150l-18 40-18-40z" fill="$steel"/><path d="M118 148l44 14M118 174l44 14M118 200l44 14M118 226l44 14M120 252l40 12" stroke="$steeld" stroke-width="9" stroke-linecap="round"/><path d="M96 96h88l-24 34h-40z" fill="$steeld"/><rect x="92" y="84" width="96" height="18" rx="9" fill="$steell"/></g>
<g transform="rotate(16 262 200)"><path d="M246 130h32v130l-16 36-16-36z" fill="$main"/><path d="M242 156l40 14M242 182l40 14M242 208l40 14M244 234l36 12" stroke="$dark" stroke-width="9" stroke-linecap="round"/><path d="M220 100a42 32 0 0 1 84 0v32h-84z" fill="$light"/><path d="M262 84v24M250 96h24" stroke="$dark" stroke-width="7" stroke-linecap="round"/></g>
<path d="M200 262l30 17v34l-30 17-30-17v-34z" fill="$accent"/><circle cx="200" cy="296" r="14" fill="$bg"/>
""",
    # Pets
    "petbowl": """
<ellipse cx="200" cy="304" rx="152" ry="12" fill="$shade"/>
<path d="M92 192q10-40 44-32 22-34 62-16 44-22 66 14 38-4 44 34z" fill="$woodd"/><g fill="$wood"><circle cx="140" cy="180" r="15"/><circle cx="186" cy="168" r="16"/><circle cx="232" cy="174" r="15"/><circle cx="268" cy="184" r="13"/></g>
<path d="M84 186h232l36 98a14 14 0 0 1-14 18H62a14 14 0 0 1-14-18z" fill="$main"/><rect x="76" y="180" width="248" height="20" rx="10" fill="$light"/><path d="M56 266h288l8 18a14 14 0 0 1-14 18H62a14 14 0 0 1-14-18z" fill="$dark"/>
<path d="M160 222a14 14 0 0 1 20 0h40a14 14 0 1 1 14 16 14 14 0 1 1-14 16h-40a14 14 0 1 1-14-16 14 14 0 0 1-6-16z" fill="$paper"/>
""",
    "lead": """
<ellipse cx="200" cy="326" rx="112" ry="10" fill="$shade"/>
<path d="M258 150q62-92-40-98-92 0-70 78 14 50 58 84t30 74" fill="none" stroke="$main" stroke-width="17"/><path d="M258 150q-14 20-52 34" fill="none" stroke="$main" stroke-width="17"/>
<ellipse cx="150" cy="262" rx="80" ry="44" fill="none" stroke="$dark" stroke-width="22"/><path d="M84 288a80 44 0 0 0 132 0" fill="none" stroke="$main" stroke-width="20"/>
<path d="M92 292h.1M118 302h.1M146 306h.1M176 303h.1" stroke="$accent" stroke-width="9" stroke-linecap="round"/>
<circle cx="234" cy="282" r="14" fill="none" stroke="$steeld" stroke-width="8"/><rect x="222" y="262" width="24" height="16" rx="5" fill="$steel"/>
<path d="M264 286l28 28q8-10 16 0t-4 14q4 12-8 12t-14-8l-28-30z" fill="$accent"/>
""",
    "cattoy": """
<ellipse cx="200" cy="328" rx="130" ry="11" fill="$shade"/>
<rect x="106" y="304" width="188" height="22" rx="10" fill="$wood"/><rect x="172" y="122" width="56" height="184" fill="$woodl"/>
<path d="M172 142l56 12M172 164l56 12M172 186l56 12M172 208l56 12M172 230l56 12M172 252l56 12M172 274l56 12" stroke="$woodd" stroke-width="6"/>
<rect x="112" y="96" width="176" height="30" rx="15" fill="$main"/><rect x="124" y="102" width="120" height="8" rx="4" fill="$light"/>
<path d="M270 124v58" stroke="$ink" stroke-width="4"/><circle cx="270" cy="200" r="20" fill="$accent"/><path d="M256 194q14-8 28 2M257 208q14 6 26-2" stroke="$accentd" stroke-width="4" fill="none"/>
<path d="M64 300q0-36 38-36 30 0 42 40H72q-8 0-8-4z" fill="$dark"/><circle cx="122" cy="272" r="11" fill="$light"/><path d="M66 300q-34 0-30-30" stroke="$dark" stroke-width="6" fill="none" stroke-linecap="round"/><circle cx="132" cy="290" r="4" fill="$paper"/>
""",
    "birdhouse": """
<ellipse cx="200" cy="350" rx="84" ry="9" fill="$shade"/>
<rect x="188" y="296" width="24" height="52" fill="$woodd"/>
<path d="M118 168 200 96l82 72v132H118z" fill="$main"/><path d="M118 268h164v32H118z" fill="$dark"/>
<path d="M200 60 322 166l-18 22-104-90-104 90-18-22z" fill="$accent"/><path d="M200 60v38L96 188l-18-22z" fill="$accentd" opacity=".55"/>
<circle cx="200" cy="200" r="32" fill="$ink"/><rect x="190" y="246" width="54" height="10" rx="5" fill="$woodd"/>
<path d="M226 244q-8-30 20-38 12-2 20 8l14 4-12 8q0 14-16 20l-36 14z" fill="$paper"/><circle cx="256" cy="216" r="4" fill="$ink"/><path d="M238 230q8 8 18-2" fill="none" stroke="$steeld" stroke-width="5" stroke-linecap="round"/>
""",
}
