<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Engine</name>
        <message>
            <source>4 bits for attention and feed-forward layers, 8 bits for the prompt's keys and values and the transformers' ends; convolutions stay in 16 bits.</source>
            <translation>4 Bit für Attention- und Feed-Forward-Schichten, 8 Bit für Keys und Values des Prompts und die Enden der Transformer; Faltungen bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>4 bits for the bulk of the weights, 8 bits for what 4 bits would harm.</source>
            <translation>4 Bit für die Masse der Gewichte, 8 Bit für das, was bei 4 Bit leiden würde.</translation>
        </message>
        <message>
            <source>4-bit floats with a scale for every 16 columns: the fast 4-bit format of RTX 50 cards.</source>
            <translation>4-Bit-Gleitkommazahlen mit einer Skala je 16 Spalten: das schnelle 4-Bit-Format der Reihe RTX 50.</translation>
        </message>
        <message>
            <source>4-bit floats with a scale for every 64 weights (bitsandbytes): worse than NF4 at the same size, for old files.</source>
            <translation>4-Bit-Gleitkommazahlen mit einer Skala je 64 Gewichte (bitsandbytes): schlechter als NF4 bei gleicher Größe, für alte Dateien.</translation>
        </message>
        <message>
            <source>4-bit integers for weights alone, a scale and an offset for every 64 columns.</source>
            <translation>4-Bit-Ganzzahlen nur für Gewichte, eine Skala und ein Versatz je 64 Spalten.</translation>
        </message>
        <message>
            <source>4-bit integers for what a low-rank branch in 16 bits leaves, with 4-bit activations.</source>
            <translation>4-Bit-Ganzzahlen für das, was ein Zweig niedrigen Rangs in 16 Bit übrig lässt, mit Aktivierungen in 4 Bit.</translation>
        </message>
        <message>
            <source>4-bit integers with a scale and an offset for every 64 columns, multiplied in 16 bits: for modulation layers.</source>
            <translation>4-Bit-Ganzzahlen mit einer Skala und einem Versatz je 64 Spalten, in 16 Bit multipliziert: für Modulationsschichten.</translation>
        </message>
        <message>
            <source>4-bit normal quantiles with a scale for every 64 weights (bitsandbytes): small on any card, no faster than 16 bits.</source>
            <translation>4-Bit-Quantile der Normalverteilung mit einer Skala je 64 Gewichte (bitsandbytes): klein auf jeder Karte, nicht schneller als 16 Bit.</translation>
        </message>
        <message>
            <source>8-bit floats with 2 mantissa bits and a wide range: coarser than E4M3, for special cases.</source>
            <translation>8-Bit-Gleitkommazahlen mit 2 Bit Mantisse und weitem Bereich: gröber als E4M3, für besondere Fälle.</translation>
        </message>
        <message>
            <source>8-bit floats with 3 mantissa bits and one scale per layer: half the size, runs everywhere.</source>
            <translation>8-Bit-Gleitkommazahlen mit 3 Bit Mantisse und einer Skala je Schicht: halbe Größe, läuft überall.</translation>
        </message>
        <message>
            <source>8-bit integers with one scale per square tile: no stock loader reads it.</source>
            <translation>8-Bit-Ganzzahlen mit einer Skala je quadratischer Kachel: nichts liest das ohne Erweiterung.</translation>
        </message>
        <message>
            <source>8-bit integers with rotation for every layer that bears it: half the size of 16 bits.</source>
            <translation>8-Bit-Ganzzahlen mit Rotation für jede Schicht, die das verträgt: die halbe Größe von 16 Bit.</translation>
        </message>
        <message>
            <source>8-bit integers with rotation; what reacts most to rounding stays in 16 bits.</source>
            <translation>8-Bit-Ganzzahlen mit Rotation; was am stärksten auf Rundung reagiert, bleibt in 16 Bit.</translation>
        </message>
        <message>
            <source>8-bit integers, one scale per row, rotated where possible: best quality at 8 bits, fast from RTX 20 on.</source>
            <translation>8-Bit-Ganzzahlen, eine Skala je Zeile, rotiert, wo es geht: beste Qualität bei 8 Bit, schnell ab RTX 20.</translation>
        </message>
        <message>
            <source>All blocks; patch, text and time projections stay in 16 bits.</source>
            <translation>Alle Blöcke; die Projektionen von Patches, Text und Zeit bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; embeddings and the relative position table stay as they are.</source>
            <translation>Attention- und Feed-Forward-Schichten; Einbettungen und die Tabelle der relativen Positionen bleiben, wie sie sind.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; embeddings, norms and the text projection stay as they are.</source>
            <translation>Attention- und Feed-Forward-Schichten; Einbettungen, Normen und die Textprojektion bleiben, wie sie sind.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; embeddings, the vision tower and the language head stay as they are.</source>
            <translation>Attention- und Feed-Forward-Schichten; Einbettungen, der Bildteil und der Sprachkopf bleiben, wie sie sind.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; embeddings, time projection and head stay in 16 bits.</source>
            <translation>Attention- und Feed-Forward-Schichten; Einbettungen, Zeitprojektion und Kopf bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; patch projection, AdaLN and the output stay in 16 bits.</source>
            <translation>Attention- und Feed-Forward-Schichten; Patch-Projektion, AdaLN und der Ausgang bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Attention and feed-forward layers; the conditioning mappers stay in 16 bits.</source>
            <translation>Attention- und Feed-Forward-Schichten; die Abbildungen der Bedingungen bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Both streams of the joint blocks; embedders and the output stay in 16 bits.</source>
            <translation>Beide Ströme der gemeinsamen Blöcke; Einbettungen und der Ausgang bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>ComfyUI 0.29 or newer</source>
            <translation>ComfyUI 0.29 oder neuer</translation>
        </message>
        <message>
            <source>ComfyUI 0.29 or newer with torch 2.10 or newer</source>
            <translation>ComfyUI 0.29 oder neuer mit torch 2.10 oder neuer</translation>
        </message>
        <message>
            <source>ComfyUI 0.33 or newer (read, not run; 0.29 refuses the file)</source>
            <translation>ComfyUI 0.33 oder neuer (gelesen, nicht ausgeführt; 0.29 lehnt die Datei ab)</translation>
        </message>
        <message>
            <source>ComfyUI after 0.33 (read, not run; 0.29 refuses the file)</source>
            <translation>ComfyUI nach 0.33 (gelesen, nicht ausgeführt; 0.29 lehnt die Datei ab)</translation>
        </message>
        <message>
            <source>ComfyUI since January 2026</source>
            <translation>ComfyUI seit Januar 2026</translation>
        </message>
        <message>
            <source>Double and single blocks; embedders, guidance and the output stay in 16 bits.</source>
            <translation>Doppelte und einfache Blöcke; Einbettungen, Guidance und der Ausgang bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Double and single blocks; the guidance network, which makes every modulation, stays in 16 bits.</source>
            <translation>Doppelte und einfache Blöcke; das Guidance-Netz, das jede Modulation erzeugt, bleibt in 16 Bit.</translation>
        </message>
        <message>
            <source>Double and single blocks; the shared modulation and the embedders stay in 16 bits.</source>
            <translation>Doppelte und einfache Blöcke; die gemeinsame Modulation und die Einbettungen bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Double and single blocks; the token refiner and the embedders stay in 16 bits.</source>
            <translation>Doppelte und einfache Blöcke; der Token-Refiner und die Einbettungen bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Double and single layers; input, time embedding and the final modulation stay in 16 bits.</source>
            <translation>Doppelte und einfache Schichten; Eingang, Zeiteinbettung und die letzte Modulation bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Earth mover's distance between the histograms of each channel, mean of the three, on the 0–1 scale</source>
            <translation>Earth-Mover-Abstand zwischen den Histogrammen jedes Kanals, Mittel der drei, auf der Skala 0–1</translation>
        </message>
        <message>
            <source>FP8 with a power-of-two scale for every 32 columns: for RTX 50 cards.</source>
            <translation>FP8 mit einer Zweierpotenz als Skala je 32 Spalten: für Karten der Reihe RTX 50.</translation>
        </message>
        <message>
            <source>FP8 with one scale per output row: slightly finer than FP8, but no stock loader reads it.</source>
            <translation>FP8 mit einer Skala je Ausgabezeile: etwas feiner als FP8, aber nichts liest das ohne Erweiterung.</translation>
        </message>
        <message>
            <source>FP8 with one scale per square tile: no stock loader reads it.</source>
            <translation>FP8 mit einer Skala je quadratischer Kachel: nichts liest das ohne Erweiterung.</translation>
        </message>
        <message>
            <source>For models without a preset of their own: matrices in the middle of the network; what names or shapes mark as entry, exit, embedding or time stays in 16 bits.</source>
            <translation>Für Modelle ohne eigene Vorlage: Matrizen in der Mitte des Netzes; was Namen oder Formen als Eingang, Ausgang, Einbettung oder Zeit ausweisen, bleibt in 16 Bit.</translation>
        </message>
        <message>
            <source>Kept whole.</source>
            <translation>Bleibt ganz.</translation>
        </message>
        <message>
            <source>Kept whole; use outputs in 16 bits instead.</source>
            <translation>Bleibt ganz; nehmen Sie stattdessen Ausgaben in 16 Bit.</translation>
        </message>
        <message>
            <source>Largest difference of a channel value, on the 0–1 scale</source>
            <translation>Größter Unterschied eines Kanalwerts, auf der Skala 0–1</translation>
        </message>
        <message>
            <source>Linear layers of the blocks; the hint encoder and the zero-initialised outputs stay in 16 bits.</source>
            <translation>Lineare Schichten der Blöcke; der Encoder der Vorgabe und die mit null begonnenen Ausgänge bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>Linear layers of the transformer blocks; convolutions, time and size embeddings stay in 16 bits.</source>
            <translation>Lineare Schichten der Transformer-Blöcke; Faltungen und die Einbettungen von Zeit und Größe bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>MXFP8 with an extra scale for the whole layer: no stock loader reads it.</source>
            <translation>MXFP8 mit einer weiteren Skala für die ganze Schicht: nichts liest das ohne Erweiterung.</translation>
        </message>
        <message>
            <source>Mean absolute difference of the channel values, on the 0–1 scale</source>
            <translation>Mittlerer absoluter Unterschied der Kanalwerte, auf der Skala 0–1</translation>
        </message>
        <message>
            <source>NVFP4 blocks of 8 or 32 are loaded by no known runtime</source>
            <translation>NVFP4 mit Blöcken von 8 oder 32 lädt keine bekannte Laufzeit</translation>
        </message>
        <message>
            <source>NVFP4 for what a low-rank branch in 16 bits leaves.</source>
            <translation>NVFP4 für das, was ein Zweig niedrigen Rangs in 16 Bit übrig lässt.</translation>
        </message>
        <message>
            <source>Nothing: autoencoders are convolutions and show every rounding error as a visible pattern.</source>
            <translation>Nichts: Autoencoder sind Faltungen und zeigen jeden Rundungsfehler als sichtbares Muster.</translation>
        </message>
        <message>
            <source>Peak signal-to-noise ratio: 10·log₁₀ of 1 over the mean squared error; ∞ where the pictures are equal</source>
            <translation>Spitzen-Signal-Rausch-Verhältnis: 10·log₁₀ von 1 durch den mittleren quadratischen Fehler; ∞, wo die Bilder gleich sind</translation>
        </message>
        <message>
            <source>Rotated 4-bit codes (or 6-bit ones) that are multiplied as 8-bit integers: near FP8's quality at half its size, from RTX 30 on.</source>
            <translation>Rotierte 4-Bit-Codes (oder solche mit 6 Bit), die als 8-Bit-Ganzzahlen multipliziert werden: nahe an der Qualität von FP8 bei halber Größe, ab RTX 30.</translation>
        </message>
        <message>
            <source>Rotated 4-bit integers with 4-bit (or 8-bit) activations: a quarter of the size from RTX 20 on.</source>
            <translation>Rotierte 4-Bit-Ganzzahlen mit Aktivierungen in 4 (oder 8) Bit: ein Viertel der Größe, ab RTX 20.</translation>
        </message>
        <message>
            <source>Structural similarity (Wang et al. 2004): Gaussian window of 11 pixels, σ 1.5, mean of the channels; from 11 pixels a side</source>
            <translation>Strukturelle Ähnlichkeit (Wang u. a. 2004): Gauß-Fenster von 11 Pixeln, σ 1,5, Mittel der Kanäle; ab 11 Pixeln Seitenlänge</translation>
        </message>
        <message>
            <source>Structural similarity at five scales (Wang et al. 2003), mean of the channels; from 176 pixels a side</source>
            <translation>Strukturelle Ähnlichkeit auf fünf Skalen (Wang u. a. 2003), Mittel der Kanäle; ab 176 Pixeln Seitenlänge</translation>
        </message>
        <message>
            <source>The 28 blocks; embedders and the shared modulation stay in 16 bits.</source>
            <translation>Die 28 Blöcke; Einbettungen und die gemeinsame Modulation bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>The 60 joint blocks; embedders, the output and the first modulation stay in 16 bits.</source>
            <translation>Die 60 gemeinsamen Blöcke; Einbettungen, der Ausgang und die erste Modulation bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>The blocks; embedders, the adapter of the language model and the output stay in 16 bits.</source>
            <translation>Die Blöcke; Einbettungen, der Adapter des Sprachmodells und der Ausgang bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>The main layers; embedders, modulation and the output stay in 16 bits.</source>
            <translation>Die Hauptschichten; Einbettungen, Modulation und der Ausgang bleiben in 16 Bit.</translation>
        </message>
        <message>
            <source>VAEs stay in 16 bits: they are small, and their errors are seen directly</source>
            <translation>VAEs bleiben in 16 Bit: sie sind klein, und ihre Fehler sieht man unmittelbar</translation>
        </message>
        <message>
            <source>What an eye notices when the pictures alternate (Andersson et al. 2020), at 67 pixels per degree; 0: nothing, 1: everything</source>
            <translation>Was ein Auge bemerkt, wenn die Bilder wechseln (Andersson u. a. 2020), bei 67 Pixeln je Grad; 0: nichts, 1: alles</translation>
        </message>
        <message>
            <source>`clip_txt_mapper` takes {} features and gives {}</source>
            <translation>`clip_txt_mapper` nimmt {} Merkmale und gibt {}</translation>
        </message>
        <message>
            <source>`decoder.conv_in` takes {} latent channels</source>
            <translation>`decoder.conv_in` nimmt {} Latent-Kanäle</translation>
        </message>
        <message>
            <source>`distilled_guidance_layer` with {} layers stands in for the modulation of {} double and {} single blocks</source>
            <translation>`distilled_guidance_layer` mit {} Schichten steht für die Modulation von {} doppelten und {} einfachen Blöcken</translation>
        </message>
        <message>
            <source>`img_in` is widened to {} inputs</source>
            <translation>`img_in` ist auf {} Eingaben erweitert</translation>
        </message>
        <message>
            <source>`vid_in.proj` takes {} channels in 1×2×2 patches; {} blocks are {} wide</source>
            <translation>`vid_in.proj` nimmt {} Kanäle in 1×2×2-Kacheln; {} Blöcke sind {} breit</translation>
        </message>
        <message>
            <source>a quarter of all weights, but modulation scales whole blocks: keep it at 8 bits</source>
            <translation>ein Viertel aller Gewichte, aber die Modulation skaliert ganze Blöcke: bei 8 Bit lassen</translation>
        </message>
        <message>
            <source>adapters are merged into a model before that is quantized</source>
            <translation>Adapter werden in ein Modell gemischt, bevor das quantisiert wird</translation>
        </message>
        <message>
            <source>all blocks share their modulation; {} double and {} single blocks are {} wide; the text is {} wide</source>
            <translation>alle Blöcke teilen sich ihre Modulation; {} doppelte und {} einfache Blöcke sind {} breit; der Text ist {} breit</translation>
        </message>
        <message>
            <source>as its README says</source>
            <translation>wie sein README sagt</translation>
        </message>
        <message>
            <source>attention of the prior</source>
            <translation>Attention des Prior</translation>
        </message>
        <message>
            <source>attention of the prior: 8 bits</source>
            <translation>Attention des Prior: 8 Bit</translation>
        </message>
        <message>
            <source>autoencoders are kept whole: small, and every error is visible</source>
            <translation>Autoencoder bleiben ganz: sie sind klein, und jeder Fehler ist sichtbar</translation>
        </message>
        <message>
            <source>block 35 of the 7B model is sensitive</source>
            <translation>Block 35 des 7B-Modells ist empfindlich</translation>
        </message>
        <message>
            <source>carries the time step into a block: few weights, every image feels them</source>
            <translation>trägt den Zeitschritt in einen Block: wenige Gewichte, die jedes Bild spürt</translation>
        </message>
        <message>
            <source>carries the time step into a residual block: few weights, every image feels them</source>
            <translation>trägt den Zeitschritt in einen Residualblock: wenige Gewichte, die jedes Bild spürt</translation>
        </message>
        <message>
            <source>comfy-kitchen's layout; stock ComfyUI refuses the file</source>
            <translation>Anordnung von comfy-kitchen; ComfyUI ohne Zusätze lehnt die Datei ab</translation>
        </message>
        <message>
            <source>computed by comfy-kitchen's plain kernels</source>
            <translation>von den einfachen Kerneln von comfy-kitchen gerechnet</translation>
        </message>
        <message>
            <source>computed by plain kernels</source>
            <translation>von einfachen Kerneln gerechnet</translation>
        </message>
        <message>
            <source>conditions every block: an error here is repeated everywhere</source>
            <translation>wirkt auf jeden Block: ein Fehler hier wiederholt sich überall</translation>
        </message>
        <message>
            <source>convolutions lose detail at 4 bits, and no 4-bit kernel runs them</source>
            <translation>Faltungen verlieren bei 4 Bit Einzelheiten, und kein 4-Bit-Kernel rechnet sie</translation>
        </message>
        <message>
            <source>convolutions of U-Nets lose detail at 4 bits, and no 4-bit kernel runs them</source>
            <translation>Faltungen von U-Nets verlieren bei 4 Bit Einzelheiten, und kein 4-Bit-Kernel rechnet sie</translation>
        </message>
        <message>
            <source>custom nodes</source>
            <translation>Erweiterungen (custom nodes)</translation>
        </message>
        <message>
            <source>dequantized to 16 bits at every use</source>
            <translation>bei jeder Benutzung auf 16 Bit dekodiert</translation>
        </message>
        <message>
            <source>embedding tables are looked up, not multiplied</source>
            <translation>in Einbettungstabellen wird nachgeschlagen, nicht multipliziert</translation>
        </message>
        <message>
            <source>ends of the network, which every file of this family keeps</source>
            <translation>Enden des Netzes, die jede Datei dieser Familie behält</translation>
        </message>
        <message>
            <source>entries and exits of the control network: small, and added straight to the main network</source>
            <translation>Ein- und Ausgänge des Steuernetzes: klein und unmittelbar zum Hauptnetz addiert</translation>
        </message>
        <message>
            <source>entry and exit of every transformer: 4 bits there reach all of its blocks</source>
            <translation>Ein- und Ausgang jedes Transformers: 4 Bit dort erreichen alle seine Blöcke</translation>
        </message>
        <message>
            <source>entry and exit of every transformer: their error reaches all of its blocks</source>
            <translation>Ein- und Ausgang jedes Transformers: ihr Fehler erreicht alle seine Blöcke</translation>
        </message>
        <message>
            <source>float8 for all layers: 4 bits damage these small encoders for little space.</source>
            <translation>float8 für alle Schichten: 4 Bit schaden diesen kleinen Encodern und sparen wenig Platz.</translation>
        </message>
        <message>
            <source>for analysis: no known runtime reads this layout</source>
            <translation>zur Untersuchung: keine bekannte Laufzeit liest diese Anordnung</translation>
        </message>
        <message>
            <source>fused projection: no loader takes scales for it</source>
            <translation>zusammengefasste Projektion: nichts nimmt beim Laden Skalen dafür</translation>
        </message>
        <message>
            <source>hands the result to the base network: starts at zero, small values matter</source>
            <translation>reicht das Ergebnis an das Grundnetz: beginnt bei null, kleine Werte zählen</translation>
        </message>
        <message>
            <source>holds nothing but vectors of a text encoder's vocabulary</source>
            <translation>enthält nichts als Vektoren des Vokabulars eines Text-Encoders</translation>
        </message>
        <message>
            <source>it has no fast path for any 8-bit or 4-bit format; float8 halves the file and is dequantized by every loader</source>
            <translation>sie rechnet kein Format in 8 oder 4 Bit schnell; float8 halbiert die Datei, und alles, was sie lädt, dekodiert es</translation>
        </message>
        <message>
            <source>it multiplies in 4-bit floats (compute capability 10.0 and up), the smallest and fastest format there</source>
            <translation>sie multipliziert in 4-Bit-Gleitkommazahlen (Compute Capability 10.0 und höher), dem kleinsten und schnellsten Format dort</translation>
        </message>
        <message>
            <source>it multiplies in float8 (compute capability 8.9 and up)</source>
            <translation>sie multipliziert in float8 (Compute Capability 8.9 und höher)</translation>
        </message>
        <message>
            <source>it multiplies in float8; a UNet keeps its convolutions in 16 bits anyway, so 4 bits would save little and show in the picture</source>
            <translation>sie multipliziert in float8; ein UNet behält seine Faltungen ohnehin in 16 Bit, 4 Bit würden also wenig sparen und im Bild zu sehen sein</translation>
        </message>
        <message>
            <source>it multiplies in int8 but not in float8 (compute capability 7.5 to 8.7); rotated rows keep the error below float8's</source>
            <translation>sie multipliziert in int8, aber nicht in float8 (Compute Capability 7.5 bis 8.7); rotierte Zeilen halten den Fehler unter dem von float8</translation>
        </message>
        <message>
            <source>its inputs have the largest outliers of the layer</source>
            <translation>ihre Eingaben haben die größten Ausreißer der Schicht</translation>
        </message>
        <message>
            <source>its nunchaku quantizer and bitsandbytes</source>
            <translation>sein nunchaku-Quantisierer und bitsandbytes</translation>
        </message>
        <message>
            <source>its outputs have outliers that overflow 16-bit floats</source>
            <translation>ihre Ausgaben haben Ausreißer, die 16-Bit-Gleitkommazahlen überlaufen lassen</translation>
        </message>
        <message>
            <source>its outputs overflow 16-bit floats: keep it in bfloat16 or float32</source>
            <translation>ihre Ausgaben lassen 16-Bit-Gleitkommazahlen überlaufen: in bfloat16 oder float32 lassen</translation>
        </message>
        <message>
            <source>keys and values of the prompt carry the outliers of T5</source>
            <translation>Keys und Values des Prompts tragen die Ausreißer von T5</translation>
        </message>
        <message>
            <source>keys and values of the prompt carry the outliers of UMT5</source>
            <translation>Keys und Values des Prompts tragen die Ausreißer von UMT5</translation>
        </message>
        <message>
            <source>keys and values of the prompt: small matrices with the outliers of the text encoder</source>
            <translation>Keys und Values des Prompts: kleine Matrizen mit den Ausreißern des Text-Encoders</translation>
        </message>
        <message>
            <source>later blocks share their weights between video and text</source>
            <translation>spätere Blöcke teilen ihre Gewichte zwischen Video und Text</translation>
        </message>
        <message>
            <source>looks like an embedder of patches or text: the first layer sees raw latents or text: few weights, large effect</source>
            <translation>sieht aus wie eine Einbettung von Patches oder Text: die erste Schicht sieht rohe Latents oder Text: wenige Gewichte, große Wirkung</translation>
        </message>
        <message>
            <source>looks like an embedder of time or conditions: conditions every block: an error here is repeated everywhere</source>
            <translation>sieht aus wie eine Einbettung von Zeit oder Bedingungen: wirkt auf jeden Block: ein Fehler hier wiederholt sich überall</translation>
        </message>
        <message>
            <source>modulation and the ends of the transformers</source>
            <translation>Modulation und die Enden der Transformer</translation>
        </message>
        <message>
            <source>modulation and the ends of the transformers: 8 bits</source>
            <translation>Modulation und die Enden der Transformer: 8 Bit</translation>
        </message>
        <message>
            <source>modulation is a quarter of the weights and scales every channel of its block: 8 bits</source>
            <translation>die Modulation ist ein Viertel der Gewichte und skaliert jeden Kanal ihres Blocks: 8 Bit</translation>
        </message>
        <message>
            <source>modulation is a third of the weights and scales every channel of its block: 8 bits</source>
            <translation>die Modulation ist ein Drittel der Gewichte und skaliert jeden Kanal ihres Blocks: 8 Bit</translation>
        </message>
        <message>
            <source>modulation is preserved at every width</source>
            <translation>die Modulation bleibt bei jeder Breite erhalten</translation>
        </message>
        <message>
            <source>modulation scales every channel of its block</source>
            <translation>die Modulation skaliert jeden Kanal ihres Blocks</translation>
        </message>
        <message>
            <source>modulation scales every channel of its block and runs once a step</source>
            <translation>die Modulation skaliert jeden Kanal ihres Blocks und läuft einmal je Schritt</translation>
        </message>
        <message>
            <source>modulation scales every channel of its block and runs once a step, so 16 bits cost only space</source>
            <translation>die Modulation skaliert jeden Kanal ihres Blocks und läuft einmal je Schritt, 16 Bit kosten also nur Platz</translation>
        </message>
        <message>
            <source>modulation scales every channel of its block: 8 bits</source>
            <translation>die Modulation skaliert jeden Kanal ihres Blocks: 8 Bit</translation>
        </message>
        <message>
            <source>modulation scales whole blocks: its errors multiply</source>
            <translation>die Modulation skaliert ganze Blöcke: ihre Fehler vervielfachen sich</translation>
        </message>
        <message>
            <source>multiplies in 16 bits</source>
            <translation>multipliziert in 16 Bit</translation>
        </message>
        <message>
            <source>multiplies in 4-bit floats</source>
            <translation>multipliziert in 4-Bit-Gleitkommazahlen</translation>
        </message>
        <message>
            <source>multiplies in 4-bit integers</source>
            <translation>multipliziert in 4-Bit-Ganzzahlen</translation>
        </message>
        <message>
            <source>multiplies in float8</source>
            <translation>multipliziert in float8</translation>
        </message>
        <message>
            <source>multiplies in float8 with block scales</source>
            <translation>multipliziert in float8 mit Blockskalen</translation>
        </message>
        <message>
            <source>multiplies in int8</source>
            <translation>multipliziert in int8</translation>
        </message>
        <message>
            <source>needs a custom node (ComfyUI-QuantOps); stock ComfyUI refuses the file</source>
            <translation>braucht eine Erweiterung (ComfyUI-QuantOps); ComfyUI ohne Zusätze lehnt die Datei ab</translation>
        </message>
        <message>
            <source>one modulation serves all blocks: an error here is repeated everywhere</source>
            <translation>eine Modulation dient allen Blöcken: ein Fehler hier wiederholt sich überall</translation>
        </message>
        <message>
            <source>other formats stop the loading with a KeyError</source>
            <translation>andere Formate brechen das Laden mit einem KeyError ab</translation>
        </message>
        <message>
            <source>outside the repeated blocks: an input or output of the network</source>
            <translation>außerhalb der wiederholten Blöcke: ein Ein- oder Ausgang des Netzes</translation>
        </message>
        <message>
            <source>pairs of `.lora_A.weight` and `.lora_B.weight`</source>
            <translation>Paare von `.lora_A.weight` und `.lora_B.weight`</translation>
        </message>
        <message>
            <source>pairs of `.lora_down.weight` and `.lora_up.weight` under kohya's names</source>
            <translation>Paare von `.lora_down.weight` und `.lora_up.weight` unter den Namen von kohya</translation>
        </message>
        <message>
            <source>pairs of `lora.down.weight` and `lora.up.weight`</source>
            <translation>Paare von `lora.down.weight` und `lora.up.weight`</translation>
        </message>
        <message>
            <source>prepares the text for a block's attention</source>
            <translation>bereitet den Text für die Attention eines Blocks vor</translation>
        </message>
        <message>
            <source>projects into and out of a transformer</source>
            <translation>projiziert in einen Transformer hinein und aus ihm heraus</translation>
        </message>
        <message>
            <source>published fp8 files keep the last block in 16 bits</source>
            <translation>veröffentlichte fp8-Dateien behalten den letzten Block in 16 Bit</translation>
        </message>
        <message>
            <source>pull request 1025</source>
            <translation>Pull Request 1025</translation>
        </message>
        <message>
            <source>pull request 1857</source>
            <translation>Pull Request 1857</translation>
        </message>
        <message>
            <source>pull request 36061</source>
            <translation>Pull Request 36061</translation>
        </message>
        <message>
            <source>small text encoders lose prompt accuracy at 4 bits and would save little</source>
            <translation>kleine Text-Encoder folgen bei 4 Bit dem Prompt weniger genau und würden wenig sparen</translation>
        </message>
        <message>
            <source>stored as awq_w4a16: ComfyUI after 0.33 (read, not run)</source>
            <translation>als awq_w4a16 gespeichert: ComfyUI nach 0.33 (gelesen, nicht ausgeführt)</translation>
        </message>
        <message>
            <source>the NF4 loader nodes for ComfyUI, Forge, diffusers; stock ComfyUI does not read it</source>
            <translation>die NF4-Erweiterungen für ComfyUI, Forge, diffusers; ComfyUI ohne Zusätze liest das nicht</translation>
        </message>
        <message>
            <source>the final norm scales everything that leaves the encoder</source>
            <translation>die letzte Norm skaliert alles, was den Encoder verlässt</translation>
        </message>
        <message>
            <source>the first and the last block are the most sensitive</source>
            <translation>der erste und der letzte Block sind am empfindlichsten</translation>
        </message>
        <message>
            <source>the first and the last three blocks are the most sensitive</source>
            <translation>die ersten und die letzten drei Blöcke sind am empfindlichsten</translation>
        </message>
        <message>
            <source>the first block sees the noisy patches</source>
            <translation>der erste Block sieht die verrauschten Patches</translation>
        </message>
        <message>
            <source>the first block sees the raw latent</source>
            <translation>der erste Block sieht das rohe Latent</translation>
        </message>
        <message>
            <source>the first block's modulation decides how the noise is read</source>
            <translation>die Modulation des ersten Blocks entscheidet, wie das Rauschen gelesen wird</translation>
        </message>
        <message>
            <source>the first block, and block 35 of the 7B model, which published 8-bit files keep too</source>
            <translation>der erste Block und Block 35 des 7B-Modells, die auch veröffentlichte 8-Bit-Dateien behalten</translation>
        </message>
        <message>
            <source>the first blocks see the raw latent</source>
            <translation>die ersten Blöcke sehen das rohe Latent</translation>
        </message>
        <message>
            <source>the first layer reads the token embeddings</source>
            <translation>die erste Schicht liest die Einbettungen der Token</translation>
        </message>
        <message>
            <source>the first layer sees raw latents or text: few weights, large effect</source>
            <translation>die erste Schicht sieht rohe Latents oder Text: wenige Gewichte, große Wirkung</translation>
        </message>
        <message>
            <source>the first modulation of the picture is preserved at every width</source>
            <translation>die erste Modulation des Bildes bleibt bei jeder Breite erhalten</translation>
        </message>
        <message>
            <source>the first three blocks</source>
            <translation>die ersten drei Blöcke</translation>
        </message>
        <message>
            <source>the first two and last two blocks</source>
            <translation>die ersten zwei und die letzten zwei Blöcke</translation>
        </message>
        <message>
            <source>the first two and the last two blocks are the most sensitive</source>
            <translation>die ersten zwei und die letzten zwei Blöcke sind am empfindlichsten</translation>
        </message>
        <message>
            <source>the keys of an adapter without kohya's or PEFT's names</source>
            <translation>die Schlüssel eines Adapters ohne die Namen von kohya oder PEFT</translation>
        </message>
        <message>
            <source>the last layer writes the result directly</source>
            <translation>die letzte Schicht schreibt unmittelbar das Ergebnis</translation>
        </message>
        <message>
            <source>the marker tensor `edm_vpred.sigma_max` is there: v prediction with EDM sigmas</source>
            <translation>der Tensor `edm_vpred.sigma_max` ist da: v-Vorhersage mit EDM-Sigmas</translation>
        </message>
        <message>
            <source>the marker tensor `v_pred` is there</source>
            <translation>der Tensor `v_pred` ist da</translation>
        </message>
        <message>
            <source>the marker tensors `edm_mean` and `edm_std` are there, as in Playground 2.5</source>
            <translation>die Tensoren `edm_mean` und `edm_std` sind da, wie in Playground 2.5</translation>
        </message>
        <message>
            <source>the marker tensors `v_pred` and `ztsnr` are there: v prediction with a zero-terminal-SNR schedule</source>
            <translation>die Tensoren `v_pred` und `ztsnr` sind da: v-Vorhersage mit einem Zeitplan, der bei einem Signal-Rausch-Verhältnis von null endet</translation>
        </message>
        <message>
            <source>the node pack of convert-to-quant's author registers these formats</source>
            <translation>die Erweiterung des Autors von convert-to-quant meldet diese Formate an</translation>
        </message>
        <message>
            <source>the pixel head of Radiance is small and exact</source>
            <translation>der Pixelkopf von Radiance ist klein und genau</translation>
        </message>
        <message>
            <source>the refiners feed every main layer</source>
            <translation>die Refiner speisen jede Hauptschicht</translation>
        </message>
        <message>
            <source>the refiners prepare what all layers see</source>
            <translation>die Refiner bereiten vor, was alle Schichten sehen</translation>
        </message>
        <message>
            <source>the shortcut around a residual block has nothing beside it to hide an error</source>
            <translation>die Abkürzung um einen Residualblock hat nichts neben sich, was einen Fehler verdeckt</translation>
        </message>
        <message>
            <source>the values of `output_blocks.11.1.transformer_blocks.0.norm1.bias` spread as they do in v-prediction models</source>
            <translation>die Werte von `output_blocks.11.1.transformer_blocks.0.norm1.bias` streuen wie in Modellen mit v-Vorhersage</translation>
        </message>
        <message>
            <source>the vision tower is small and sensitive</source>
            <translation>der Bildteil ist klein und empfindlich</translation>
        </message>
        <message>
            <source>vision towers are small and see pixels</source>
            <translation>Bildteile sind klein und sehen Pixel</translation>
        </message>
        <message>
            <source>yields the modulation of every block: an error here is repeated everywhere</source>
            <translation>ergibt die Modulation jedes Blocks: ein Fehler hier wiederholt sich überall</translation>
        </message>
        <message>
            <source>{} blocks are {} wide, their feed-forward {}</source>
            <translation>{} Blöcke sind {} breit, ihr Feed-Forward {}</translation>
        </message>
        <message>
            <source>{} blocks are {} wide; `patch_embedding` takes {} channels</source>
            <translation>{} Blöcke sind {} breit; `patch_embedding` nimmt {} Kanäle</translation>
        </message>
        <message>
            <source>{} blocks are {} wide; captions are {} wide</source>
            <translation>{} Blöcke sind {} breit; Bildbeschreibungen sind {} breit</translation>
        </message>
        <message>
            <source>{} blocks are {} wide; the text is {} wide</source>
            <translation>{} Blöcke sind {} breit; der Text ist {} breit</translation>
        </message>
        <message>
            <source>{} double and {} single blocks are {} wide and have a token refiner for the text</source>
            <translation>{} doppelte und {} einfache Blöcke sind {} breit und haben einen Token-Verfeinerer für den Text</translation>
        </message>
        <message>
            <source>{} double and {} single blocks are {} wide; the text is {} wide</source>
            <translation>{} doppelte und {} einfache Blöcke sind {} breit; der Text ist {} breit</translation>
        </message>
        <message>
            <source>{} double and {} single layers are {} wide; the text is {} wide</source>
            <translation>{} doppelte und {} einfache Schichten sind {} breit; der Text ist {} breit</translation>
        </message>
        <message>
            <source>{} joint blocks are {} wide; `context_embedder` takes {} features</source>
            <translation>{} gemeinsame Blöcke sind {} breit; `context_embedder` nimmt {} Merkmale</translation>
        </message>
        <message>
            <source>{} layers are {} wide</source>
            <translation>{} Schichten sind {} breit</translation>
        </message>
        <message>
            <source>{} layers are {} wide; cross attention takes {} features</source>
            <translation>{} Schichten sind {} breit; Cross-Attention nimmt {} Merkmale</translation>
        </message>
        <message>
            <source>{} layers are {} wide; the text is {} wide</source>
            <translation>{} Schichten sind {} breit; der Text ist {} breit</translation>
        </message>
        <message>
            <source>{} layers are {} wide; the text is {} wide; modulation has no SiLU before it (`adaLN_modulation.0`)</source>
            <translation>{} Schichten sind {} breit; der Text ist {} breit; vor der Modulation steht kein SiLU (`adaLN_modulation.0`)</translation>
        </message>
    </context>
</TS>
