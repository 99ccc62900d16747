"""Names that people bear, by language: words alone, which `foreign` and `persons` read.

Given names are those that statistical offices count most often, of the living of all ages, in
small letters without accents; surnames where they stand before the given name, or where nothing
else tells a name.  Words that more often are something else (a month, a town) are left out.
"""

# long because: it is lists of names, a language beside the other

from __future__ import annotations

from typing import Final

GIVEN: Final = {
    "de": """
hans jurgen juergen klaus petra sabine monika wolfgang ursula dieter heike stefan andrea thomas
katrin kathrin jens anke gunther guenther gunter renate uwe birgit manfred helmut gerhard horst
werner heinz karl kurt jorg joerg torsten thorsten sven dirk ralf rainer reiner bernd matthias
markus christian sebastian tobias florian fabian lukas jonas leon finn elias noah moritz johannes
maximilian philipp jan niklas gisela ingrid helga christa brigitte karin claudia susanne martina
silke tanja nadine melanie stefanie sandra nicole anja katharina johanna lena leonie hannah mia
emilia lina frieda heidi elke ilse gertrud hildegard irmgard anneliese waltraud ulrike angelika
adelheid albrecht alexandra alfred alina alois amelie andreas anette anita annegret annelie
annemarie annett annika antje antonia armin arne arnold astrid axel barbara bastian beate benjamin
berthold bettina bianca bodo boris britta burkhard carina carl carla carolin carsten charlotte
christel christiane christina christoph clara clemens corinna cornelia daniela detlef detlev
dietmar dietrich dominik dora dorothea dorothee eberhard eckhard edeltraud edith egon elfriede
elisabeth ella elsbeth emil emma erhard erich erika ernst erwin esther eva evelyn ewald ferdinand
frank franz franziska friederike friedhelm friedrich fritz gabi gabriele georg gerd gerda gerlinde
gero gesa gesine gottfried greta gudrun guido gustav hanna hannelore hannes hanno harald hartmut
hedwig heiko heiner heinrich heinrike helen helene hella henning henriette henrike herbert hermann
hertha hilde hilmar holger hubert hubertus hugo ida ilka ilona imke ina ines inga inge ingeborg
ingo inka insa irene iris irma isabell isabella isolde ivonne jacqueline jakob jana janina jannik
jasmin jenny jessica joachim jochen johann jonathan josef josefine judith julia julian juliane
juliette justus kai karla karlheinz karoline karsten kaspar katja kerstin kilian kirsten klara
konrad konstantin korbinian kordula kristin kristina lara lars laura laurenz lea leander liesel
lieselotte linda linus lisa liselotte lore lorenz lothar louis luca lucia ludger ludwig luisa luise
luka lutz lydia magda magdalena maik maike manja manuela marc marcel marco marcus mareike maren
margarete margarethe margit margitta margot margret margrit maria marianne marie mariele marina
marion mario marius marlene marlies marlis marta martha mathilde mathis mats maurice max maxim
meike meinhard melissa michael michaela mika milena mina mirja mirjam mirko monique nadja natalie
natascha nele nico nicolai niels nils nina nora norbert norman olaf ole oliver oskar ottilie otto
pascal patricia patrick paula pauline peer philip pia rafael ralph ramona raphael rebecca regina
regine reinhard reinhold rene reto richard rico rita roland rolf roman romy ronja ronny rosemarie
rosi roswitha ruben rudi rudiger ruediger rudolf ruth sabrina samuel sara sarah sascha saskia selma
siegbert siegfried sieglinde sigmar sigrid silvia simon simone sofie sonja sophia sophie stephan
stephanie steffen steffi swantje swen sybille svenja sylvia tamara tatjana theo theodor theresa
therese thilo tilman tilmann tim timm timo till tina toni traudel traute udo ulf ulla ulli ulrich
uta ute valentin valerie vanessa vera verena veronika viktor viktoria vincent volker volkmar
waldemar walburga walter wendelin wibke wiebke wilfried wilhelm wilhelmine willi willy wilma
winfried wolf wolfram xaver yvonne zita
""",
    "fr": """
jean marie pierre nathalie michel isabelle philippe sylvie alain catherine nicolas celine julien
aurelie thierry chantal jacques francois francoise patrick daniel christophe laurent frederic
sebastien olivier stephane pascal eric bruno guillaume antoine mathieu matthieu maxime alexandre
romain kevin jerome vincent lucas hugo louis gabriel arthur jules adam monique martine anne
christine veronique valerie sandrine stephanie virginie emilie camille lea manon chloe emma ines
jeanne louise amelie charlotte helene claire sophie elodie audrey delphine corinne dominique
achille adele adeline adrien adrienne agathe agnes aime aimee alban albane albert alexia alexis
alice aline alix alphonse amandine ambre anais andre andree angele angelina angelique annabelle
annick annie antoinette antonin apolline ariane aristide armand armelle arnaud astrid aude auguste
augustin augustine aurelien aurore axel axelle aymeric baptiste barnabe basile bastien benedicte
benjamin benoit berenice bernadette bernard berthe bertrand blandine brice brigitte camelia
capucine carine carole caroline cassandre cecile cedric celeste celestin celestine celia cesar
charlene charles charline christelle christian christiane clarisse claude claudette claudie
claudine clemence clement clementine clothilde clotilde colette coline coralie corentin cyprien
cyril cyrille damien danielle daphne david deborah denis denise diane didier dimitri donatien
dorian dorothee edgar edith edmond edouard elea eleonore eliane elias eline eliott elisa elisabeth
elise eliette eloi eloise elsa emeline emeric emile emilien emmanuel emmanuelle enzo ernest
ernestine esteban estelle ethan etienne eugene eugenie eva evan eve evelyne fabien fabienne fabrice
fanny faustine felicie felix ferdinand fernand fernande flavie flavien florent florentin florian
franck francine frederique gaelle gael gaetan gaetane gaspard gaston gautier gauthier genevieve
geoffrey georges georgette gerald geraldine gerard germaine ghislain ghislaine gilbert gilberte
gilles ginette gisele gregoire gregory gustave guy guylaine gwenael gwenaelle gwendoline hadrien
heloise henri henriette herve hippolyte honore honorine hortense hubert hugues huguette irene
isaline isaure jacky jacqueline jeannine jeremie jeremy joachim jocelyn jocelyne joel joelle johan
johann johanna jonathan joseph josephe josephine josette josiane josselin judith julia julie
juliette juliane justin justine karine killian kylian laetitia laure laureline laurence laurene
laurie leandre leila lena leo leon leonard leonie leopold lilian liliane lilou lily lina lionel
lise loan loane lohan loic lola lou louane louisa luc lucette lucie lucien lucienne lucile ludivine
ludovic lydia lydie mael maelle maelys madeleine magali maia maite manuel marc marceau marcel
marcelle margaux margot marguerite marianne marielle marilyn marion marius marjorie marlene marthe
martial martin maryline maryse maryvonne mathilde mathis mathurin maud maurice maurine maxence
melanie melina melissa melodie mickael micheline mireille morgan morgane muriel myriam nadege nadia
nadine nael nathan nathanael nicole nina ninon noe noel noelle noemie nolan nolwenn oceane octave
odette odile olympe ophelie oriane pascale patrice patricia paul paule paulette pauline perrine
philibert philippine pierrette pierrick prosper prune quentin rachel raoul raphael raphaelle
raymond raymonde regine regis remi remy renaud rene renee reine robert robin rodolphe rodrigue
roger roland rolande romane romaric romuald rosalie rosine roseline roxane ruben sabine sabrina
sacha salome samuel sandra sarah segolene serge severin severine simon simone sixtine solange
soline solene solenn suzanne suzette sylvain sylvaine sylviane tanguy tatiana teddy thais theo
theodore theophile theotime therese thibault thibaut thibaud timothee timeo titouan tom tristan ugo
ulysse valentin valentine valere vanessa victoire victor victorien violaine violette virgile
viviane wilfried xavier yann yannick yannis yoann yohan yohann yolande yvan yves yvette yvon yvonne
zacharie zelie zoe
""",
    "es": """
maria jose antonio carmen manuel dolores francisco pilar javier lucia alejandro marta sergio rocio
juan luis carlos miguel angel jesus pedro rafael fernando pablo jorge alberto alvaro adrian diego
raul ivan ruben enrique ramon vicente andres joaquin santiago ana isabel laura cristina josefa
teresa rosa paula elena raquel beatriz silvia nuria patricia mercedes irene montserrat encarnacion
abel adela adolfo adriana agustin agustina ainara ainhoa aitana aitor alba alejandra alex alfonso
alfredo alicia alonso amaia amalia amparo amelia andrea angela angeles angelica anselmo araceli
ariadna arturo asier asuncion aurelio aurora azucena barbara begona belen benito berta blanca borja
bruno camila camilo candela carla carlota carolina catalina cayetano cecilia celia cesar clara
claudia concepcion consuelo cristian cristobal dani daniela dario david delia desiree dulce edgar
eduardo elisa eloy elvira emilia emiliano emilio emma encarna enric erika ernesto esperanza esteban
ester estefania esther eugenia eugenio eulalia eusebio eva fabian fatima federico felipe felisa
felix fermin fidel florencia francisca gabriel gabriela gema gemma gerardo german gines gisela
gloria gonzalo graciela gregorio guadalupe guillermo gustavo hector hilario hugo idoia ignacio iker
ines inma inmaculada inigo iria isaac isidro ismael itziar izan jaime jairo jacinto jacobo jennifer
jesica jimena joan joel jon jordi josep juana juanjo julia julian juliana julio lara leandro leire
leo leonor leticia lidia lola lorena lorenzo lourdes lucas luisa luz macarena magdalena maite
manolo manuela marc marcelino marcelo marcos margarita mariana mariano maricarmen marina mario
marisa marisol martin martina mateo matias matilde mauricio maximo mayte milagros miriam modesto
moises monica natalia nerea nieves noa noelia noemi nicolas octavio olga olivia oriol oscar paco
pascual patricio paz pepe purificacion rafaela ramiro ramona rebeca reyes ricardo rita roberto
rodolfo rodrigo rogelio roman rosalia rosario roser rufino salvador samuel sandra santos sara saray
saul sebastian sheila silvestre simon sofia soledad sonia susana tamara tania tatiana teodoro tomas
unai valentin valentina valeria vanesa veronica victor victoria virginia viviana xavi xavier ximena
yago yaiza yolanda zaira
""",
    "it": """
marco giulia luca francesca alessandro chiara matteo sara giovanni elena giuseppe antonio mario
angelo vincenzo salvatore domenico francesco roberto stefano paolo andrea davide simone lorenzo
riccardo federico gabriele leonardo tommaso rosa angela giovanna rosaria lucia caterina alessandra
valentina martina sofia aurora giorgia elisa anna silvia paola daniela federica achille ada adele
adriana adriano agata agnese alba alberto alessia alessio alfio alfonso alfredo alice amedeo amelia
andreina anita annalisa annamaria annunziata antonella antonietta antonina arianna armando arturo
assunta barbara beatrice bianca bruna bruno camilla carla carlo carlotta carmela carmelo carmen
carmine carolina cecilia cesare christian ciro clara claudia claudio concetta cosimo costanza
cristian cristiano cristina damiano daniele danilo dario debora denise diego diletta dino donatella
donato edoardo eleonora elia eliana elio elisabetta emanuela emanuele emilia emilio emma enrica
enrico enzo erica ernesto ettore eugenio eva fabiana fabio fabiola fabrizio fausto felice
ferdinando fiamma filippo fiorella flavia flavio franca franco fulvio gabriella gaetano gaia
gennaro gerardo giacomo giada gianluca gianmarco gianna gianni gianpaolo ginevra gino gioele gioia
giordano giorgio giuliana giuliano giuseppina gloria graziella grazia greta guido ida ignazio
ilaria immacolata irene isabella italo ivana ivano jacopo katia lara laura lea leonarda letizia
liliana linda lino livia livio loredana lorena luciana luciano lucrezia ludovica ludovico luigi
luigia luisa maddalena manuel manuela mara marcello margherita maria mariagrazia marianna
mariarosaria marika marina marisa marta martino massimiliano massimo mattia maura maurizio mauro
melissa michela michele michelangelo milena miriam mirella mirko moreno nadia natale natalia
nazario nicola nicoletta nicolo noemi nunzia oreste ornella orlando oscar ottavia ottavio paolina
pasquale patrizia pierluigi piero pietro pino raffaela raffaele raffaella raimondo renata renato
renzo rino rita roberta rocco rodolfo romano romeo rosalba rosalia rosanna rossana rossella ruggero
sabina sabrina samuele sandra sandro santo saverio sebastiano sergio serena settimio silvana
silvano silvio sonia stefania susanna tania teresa tiziana tiziano ugo umberto valeria valerio
vanessa vera veronica virginia vito vittoria vittorio viviana walter ylenia
""",
    "pl": """
jan anna piotr katarzyna krzysztof malgorzata andrzej agnieszka tomasz barbara pawel ewa michal
zofia marcin jakub adam lukasz grzegorz wojciech mariusz dariusz zbigniew jerzy tadeusz janusz
marek robert rafal kamil mateusz dawid szymon filip maciej joanna magdalena monika krystyna
elzbieta aleksandra dorota danuta beata renata halina iwona justyna karolina natalia julia maja
adrian adrianna agata alan albert alicja aleksander amelia andzelika aneta angelika aniela antoni
antonina apolonia arkadiusz artur bartlomiej bartosz benedykt blazej bogdan bogumil boguslaw
boguslawa boleslaw bozena brygida bronislaw cecylia celina cezary czeslaw czeslawa damian daniel
daria dominik dominika edward edyta eliza emilia ernest eryk eugeniusz ewelina fabian faustyna
feliks franciszek gabriel gabriela genowefa gertruda grazyna gustaw hanna helena henryk henryka
hubert ignacy igor ilona irena ireneusz irmina iga izabela izabella jacek jadwiga janina jaroslaw
jaromir jolanta jozef jozefa juliusz kacper kajetan kalina karol kazimiera kazimierz kinga klaudia
klara konrad kornelia krystian ksawery lech lena leon leonard leszek lidia liliana longin lucja
lucjan lucyna ludwik ludwika maksymilian malwina marcel marcelina maria marianna marian mariola
marlena marta martyna marzena maksym michalina mieczyslaw mieczyslawa mikolaj milena miroslaw
miroslawa miron nikodem nikola nina norbert oksana ola olaf oliwia oliwier oskar otylia patrycja
patryk paulina pola przemyslaw radoslaw regina remigiusz roksana roman romuald rozalia ryszard
sabina sandra sara sebastian slawomir sonia stanislaw stanislawa stefan stefania sylwester sylwia
szczepan tatiana teresa tobiasz tymon tymoteusz urszula waclaw waldemar wanda wawrzyniec weronika
wieslaw wieslawa wiktor wiktoria wincenty wit witold wladyslaw wladyslawa wlodzimierz zdzislaw
zdzislawa zenon zuzanna zygmunt zyta
""",
    "nl": """
johannes pieter cornelis hendrik willem jeroen maarten bram daan sem lotte sanne femke anouk
marijke annemarie wilhelmina johanna geert joost ruud sjoerd adriaan albert alida amber aleida
angelique anja anke anneke annelies annemiek anne annette anton antje arend arie arjan arjen astrid
bart bas bastiaan berend bernadette bert bianca bob boudewijn bregje britt caroline casper cees
chantal chris christiaan coen cor corrie dennis dewi diederik dieuwke dirk dorien dries eefje
egbert elise ellen els emma erik esmee esther eva evelien evert ewout fenna fleur floor floris
frank frans freek frits gerard gerben gerda gerrit gertjan gijs guus hanneke hannah hanna hannie
hans harm harmen harrie heleen helena henk hennie herman hilde huub ilse inge ingrid iris irma isa
jaap jacco jacob jacoba jacqueline jasper jelle jeanine jessica jet jip joke jolanda jolien jonas
joop joris josephine judith julia jurgen jurre karel karin kees kim klaas koen koos lars laura leen
lena lennart lian lidewij lies lieke lieve liesbeth linda lisa lisanne loes lucas luuk maaike maria
marjan marjolein marlies marloes martijn martine mathijs matthijs maud maurits meike melissa menno
merel mees michiel mieke miranda milan mirjam monique myrthe nadine naomi natasja nico nicolaas
niek niels nienke noortje olga paul paula peter petra pim rens reinier rembrandt renate rianne rick
rik rob robbert robert roel roelof rogier roos rosanne ruben rutger sandra sander saskia siebe
sietske simone sofie sophie stefan stijn sven suzanne sylvia tessa teun teunis teus thea theo thijs
thomas tijmen tijn tim timo tineke tom toon tygo ursula vera vincent wendy wessel wiebe wietse
wieke wim wouter xander yara yvette yvonne zoe
""",
    "pt": """
joao ines goncalo tiago rui nuno antonia filipe catarina mariana leonor beatriz fatima maria jose
adelino adriana afonso agostinho aida alberto albertina alda alexandra alexandre alfredo alice
alvaro amadeu amalia amelia ana anabela andre andreia angela angelina anibal antonio armando
armindo artur augusto aurora barbara bento bernardo branca bruna bruno caio camila carla carlos
carlota carolina catia cecilia celeste celso cesar clara claudia claudio clarice conceicao
cristiana cristiano cristina custodio daniel daniela david davi debora delfim deolinda diana dina
diogo domingos dora duarte edite eduarda eduardo elisa elisabete elsa ema emanuel emilia ermelinda
estela eugenia eunice eva fabio fabiana felipe fernanda fernando filipa filomena flavia flavio
florbela francisca francisco frederico gabriel gabriela geraldo gil gilberto gisela gloria graca
guilherme gustavo heitor helder helena henrique herculano hermenegildo hugo humberto idalina igor
irene isabel isabela isaura ivo ivone jacinto jaime joana joaquim joaquina joel jorge josefa josue
julia julieta julio lara larissa laura laurinda leandro leonardo leticia lidia ligia liliana lorena
lourdes lourenco luan luana luca lucas lucia luciana luciano lucinda luis luisa luiz luiza luzia
madalena mafalda magda manuel manuela marcelo marcia marcio marco marcos margarida mariane mario
marisa marlene marta martim mateus matheus matilde mauricio maximiano mayara micaela miguel milton
moises monica natalia nelia nelson noemia octavio odete olga olinda olivia orlando otavio palmira
patricia paula paulo pedro priscila rafael rafaela raimundo ramiro raquel raul regina renan renata
renato ricardo rita roberta roberto rodrigo rogerio romeu rosa rosana rosaria ruben salome salvador
samuel sandra sandro santiago sara sebastiao sergio silvia silvina simao simone sofia solange sonia
susana tania tatiana telma teodoro teresa thiago tomas tome valdemar valentim valter vanda vanessa
vasco vera vicente vinicius virgilio virginia vitor vitoria viviane wagner wesley xavier yasmin
zelia zulmira
""",
    "nordic": """
lars anders johan erik karin kristina gunnar bjorn astrid ingrid mikael fredrik birgitta ulla mats
magnus henrik emil oskar elsa alva soren jens mette kirsten hanne lise rasmus mads mikkel kari knut
ole marit solveig sigrid aage aase agneta agnes aksel albin alexander alf alfred alice allan alma
amanda andreas anette anita anja anna anne annelie annika anton arne arvid asbjorn asger aslaug
axel bengt benny bente berit bertil birger birgit birgitte birte bjarne bo bodil borje britt brita
britta camilla carina carl caroline cecilia charlotte christer christian christina claes conny dag
dagmar dagny david ebba edvard edvin egil eilif einar eirik elin elina elis elisabet elisabeth ella
ellen ellinor else emelie emma eric erika erling ernst esben eskil espen ester eva evelina evert
fanny felicia filip finn folke freja frida fridolf gerd gerda gorm goran gorel greger greta grethe
gro gudrun gunhild gunilla gunnel gunvor gustaf gustav hakan haakon hakon halvor hampus hanna hans
harald hedda hege hedvig helen helena helene helge helle henriette henny henning herman hilda hilde
hilmar hjalmar holger hugo ida ina inga inge ingeborg ingegerd inger ingvar ingemar irene isak
isabella ivar jacob jakob jan janne jeanette jenny jeppe jesper joakim joar johanna johannes john
jon jonas jonatan josef josefin josefine jorgen jorn julia jytte kaare kaj kajsa karl karolina
kasper katarina katja kent kenneth kerstin kim kjell kjersti kjetil klara klas konrad kristian
kristin kristoffer kurt lasse laila leif lena lene lennart leo lilian lillemor lina linda linnea
linus lisa lisbet lisbeth liselotte liv loke lotta louise lova lovisa lucas ludvig magdalena
magnhild maiken maj maja majken malin malte marcus mari maria marianne marie markus martin marta
matilda mattias max melvin mia michael mimmi moa mogens mona monica monika morten nanna nicklas
niclas nicolai niels nikolaj nils nina nora oda oddvar olav olof olov olle oline olivia oliver
oscar otto ove palle patrik paula peder pehr pernille peter petra petter pia poul preben ragnar
ragnhild randi rebecka regitze reidun rikard rikke robin roger roland rolf ronja ronny rune runa
ruth saga samuel sander sandra sara sebastian selma signe sigurd sigvard simon siri siv sixten
sofia sofie solvei staffan stefan steen sten stein steinar stian stig sture sune susann susanne
svante svea sven sverre sylvia terese terje thea theodor therese thomas thor thore thorbjorn tilda
tilde tim tina tobias tom tommy tor torbjorn tord tore torgny torkel torsten tone toril torunn tove
trine troels trond trygve tuva ture turid tyra ulf ulrik ulrika ursula vagn valdemar vera veronica
vibeke victor victoria vidar vide viggo viktor viktoria vilgot vilhelm vilma vincent viveka viveca
wilhelm william wilma yngve yvonne ake asa orjan oystein oyvind sigridur jonina sigurdur gudmundur
olafur kristjan bjarni helgi arni
""",
    "fi": """
juhani matti timo pekka antti tuula paivi marja kaisa aada aino aleksi alli anja anna anneli anni
annika annikki anssi anton antero anu ari armas arto arttu arvo asko aulis aune eeli eelis eemeli
eero eetu eeva eevi eija eila eino elias elina ella elli elsa emilia emma ensio erkki esa essi eve
eveliina hanna hanne hannele hannu harri heidi heikki heli hellevi helmi helvi henna henri henrik
hilkka hilma iida iiris iiro ilari ilkka ilmari ilona ilpo ilta inka inkeri irene irja irma iro
jaakko jaana jalmari jani janika janne jari jarkko jarmo jenna jenni jere jesse joel joni jonna
joona joonas jorma jouko jouni juha juho jukka julia jussi jutta jyrki kai kaija kaino kalervo
kalevi kalle kari karoliina katja katri kauko kerttu kielo kimmo kirsi kristiina kyllikki kyosti
laila lasse laura lauri leena lea lempi leo liisa lotta maarit maija maire maisa mari maria marika
marjatta marjo marjut markku markus marko martta mauno matias mervi miia mika mikael mikko milla
minna minttu mira mirja mirjami mirva miska mona nea niilo niina niko nina noora oiva olavi oili
olli onni oona osmo ossi otso otto outi paavo paula pauli pauliina perttu pertti pia piia pirjo
pirkko raija raili raimo raisa rami rauha rauni reetta reijo reino riikka riina risto ritva saana
saara saija saku sakari salla salme sami samu samuli sanna sannamari sari satu seija seppo siiri
sini sinikka sirkka sirpa sisko sofia soile suvi sylvi taina taisto taneli tapani tapio taru tarja
teemu teija tero terttu terhi tiia tiina tommi toini toivo topias touko toni tuija tuomas tuomo
tuukka tyyne uolevi urho urpo valtteri veera veikko veli venla vesa vieno vilho vilja vilma voitto
vaino yrjo
""",
    "cs": """
petr pavel jiri josef tomas zdenek vaclav milan hana vera alena lenka katerina veronika tereza
eliska zuzana adam adela adrian agata albert ales alexander alexandra alfons alice alois alzbeta
amalie andrea andrej anezka anna antonie antonin arnost barbora beata bedrich blanka blazej bohdan
bohumil bohumila bohuslav borivoj bozena branislav bretislav bronislav bronislava cenek cyril
dagmar dalibor dana daniel daniela darina david denisa denis dita dominik dominika drahomira
drahoslav dusan eduard elena emil emilia emilie ema erik erika eva evzen ferdinand filip frantisek
frantiska gabriel gabriela gustav helena hedvika hynek igor ilona irena iva ivana iveta ivo jakub
jan jana jarmila jaromir jaroslav jaroslava jindrich jindra jirina jitka johana jolana jonas jozef
jozefina julia julie juraj kamil kamila karel karin karla karolina klara klaudia kristian kristina
kristyna kvetoslava kveta ladislav ladislava laura leos libor libuse lidie linda lucia lucie ludek
ludmila ludovit lubomir lubos lukas magdalena marcel marcela marek marian marie marika marketa
marta martin martina matej mateus matus matyas maxmilian michael michaela michal michalina mikulas
milada milena milos miloslav miloslava milota miriam miroslav miroslava monika natalie nela nikola
nina nora norbert oldrich olga ondrej oto otakar otilie patrik patricie paula pavla pavlina peter
petra premysl radek radim radka radmila radoslav radovan rastislav regina renata rene richard
robert robin roman romana rostislav rozalie rudolf ruzena samuel sabina sandra sara sarka simon
simona slavomir sofia sofie sona stanislav stanislava stefan stefania stepan stepanka sylva sylvie
svetlana tadeas tatiana teodor tibor timea valerie vanda vaclava vendula viera viktor viktoria
viktorie vilem vincent vit vitezslav vladimir vladimira vladislav vlasta vlastimil vlastislav
vojtech vratislav vendelin vlastimila zaneta zbynek zdenka zdena zdislava zita zlata zofia
""",
    "hu": """
laszlo istvan zoltan ferenc attila gabor katalin ilona eszter zsuzsanna abel abigel adam adel
adrienn adrienne agnes agota akos aladar albert alexandra alfred aliz ambrus amalia andras andrea
andor aniko anita anna annamaria antal arpad aron balazs balint barbara barna barnabas bela bence
bendeguz benedek beatrix beata bernadett bettina bianka boglarka boldizsar borbala botond brigitta
csaba csanad csenge csilla csongor dalma daniel david denes dezso diana dominik dora dorina dorka
dorottya edina edit elek elemer eleonora elizabet ella eliza elvira emese emil emma endre eniko
erik erika erno erszebet erzsebet etelka eva evelin fanni felix franciska fruzsina fulop gabriella
gaspar gellert geza gergely gergo gitta gizella greta gyongyi gyorgy gyorgyi gyozo gyula hajnalka
hanga hanna hedvig helga henrik henrietta hunor ibolya ida ildiko imre ines iren irma izabella
ivett izsak jakab janka janos jazmin jeno johanna jolan jozsef judit julia julianna kalman karola
karoly kata kati katinka kevin kincso kinga kira klara klaudia kornel kornelia krisztian krisztina
kristof lajos lara laura lazar lea lehel lenke levente lidia lila lilla liliana linda lili liza
lorand lorant lotti luca lujza magdolna mark marcell margit maria marian mariann marianna marietta
marta martin martina martonka marton matild matyas mate matteo melinda melitta mihaly miklos milan
mira monika miksa natalia nandor nikolett nikoletta noel noemi nora norbert olga oliver olivia
orban orsolya oszkar otto pal palma panna patricia patrik peter petra pongrac rajmund rebeka reka
regina renata rita richard robert roland roza rozalia rudolf sandor sara sarolta sebestyen simon
soma stefania szabina szabolcs szandra szebasztian szilard szilvia szilveszter szonja szofia tamara
tamas terez terezia tibor tihamer timea tivadar tunde ulrik valeria valentin vanda vanessa vera
veronika viktor viktoria vilmos vince virag vivien zalan zente zita zoe zoja zsigmond zsofia zsofi
zsolt zsombor
""",
    "ro": """
ion gheorghe vasile andrei mihai alexandru ioana elena adelina adrian adriana alexandra alin alina
ana anca andreea angela aurel aurelia anton bianca bogdan camelia carmen catalin catalina cezar
claudia claudiu constantin corina cornel cornelia cosmin costel cristian cristina crina dan dana
daniel daniela daria darius denisa diana dinu doina dorel dorin dorina dragos dumitra dumitru
ecaterina eduard emanuel emil emilia eugen eugenia eusebiu fabian felicia filip florentina florica
florin floarea gabriel gabriela george georgeta georgiana gheorghita gica grigore horatiu horia
iacob ieremia ileana ilie ilinca ioan ionel ionela ionut irina iulia iulian iuliana iustin laura
laurentiu larisa lavinia leontina lenuta liliana lidia liviu livia loredana luca lucia lucian luiza
luminita madalina magdalena marcel maricica mariana marian maria marinela marius matei maricel
mihaela mihail mircea mirela miron mioara mugur nadia narcis natalia nelu neculai nicolae nicoleta
nicu octavian oana olimpia olivia ovidiu paul paula petre petru petronela petruta radu raluca
ramona rares razvan roxana rodica romeo rozalia ruxandra sabina sanda sandu septimiu serban sergiu
silvia silviu simona sorin sorina stefan stefania steliana stelian tatiana teodor teodora theodor
tiberiu toma traian tudor valentin valentina valeriu valeria vasilica veronica victor victoria
viorel viorica virgil virginia vlad vladimir vlaicu zamfir
""",
    "south slavic": """
ivan marija josip ana marko petar luka ante antun anton jelena nikola milan dragan zoran vesna
gordana ljiljana snezana jovan jovana milica milos nemanja stefan aleksandar aleksandra bojan
bojana boris branka branko branimir dalibor danica danijel danijela darko davor dejan denis dino
domagoj domen dragana drago dragoljub dragica dubravka dusan dusanka djordje djuro dorde durdica
edin elma emina emir fikret filip franjo frano goran gorazd gregor hrvoje igor ines irena iva ivana
ivica ivo jadranka jakov jan janez janko jasmina jasna josipa jozef jure jurij katarina katica
klara kristijan kristina krunoslav ksenija lana lara lazar leon lidija ljubica ljubomir ljudmila
lovro lucija maja maksim manja marijan marijana marina mario mate matej mateja matija matjaz melita
mia mihael miha mile milena milenko milivoj milorad miodrag mira miran mirela mirjana mirko miro
miroslav mirsad mislav mitja mladen momir momcilo nada natasa nebojsa nedeljko neven nevenka nika
nina njegos ognjen olga olivera petra primoz predrag radmila radovan radomir ranko ratko renata rok
roman ruza sabina samo sanja sandra sasa senad sinisa slaven slavica slavko slobodan slobodanka
smiljana sonja srdjan sreten stanka stanko stipe stjepan suzana svetlana tadej tamara tanja tatjana
tea tihana tihomir tina tomaz tomica tomislav toni uros urska ursa valentina vanja vasilije vedran
velimir veljko vera verica veronika vid vida viktor vinko visnja vjekoslav vladimir vlado vladan
vladislav vojislav vuk zarko zdenka zdenko zdravko zeljka zeljko ziga zlatan zlatka zlatko zlata
zorica zvonimir zvonko
""",
    "baltic": """
jonas antanas juozas vytautas kestutis algirdas mindaugas gediminas darius tomas linas saulius
rimantas virginijus arturas andrius marius mantas lukas rokas nojus domas dovydas ona janina irena
birute danute aldona jurate rasa vida laima egle ruta ramune jurgita ausra daiva lina inga kristina
agne migle gabija ugne austeja emilija urte ieva greta aiste janis andris juris edgars martins
aivars guntis raimonds artis arturs kristaps rihards roberts gustavs markuss inese ilze anita anna
ligita dace liga sandra baiba zane elina kristine laura liene madara evija ilona ginta vija velta
zenta ivars valdis dzintars imants maris normunds uldis ainars aivar andres andrus urmas toomas
margus kalev jaan peeter tonu mart martin kristjan rasmus siim tanel tiit toivo ulo vello priit
raivo riho taavi kadri katrin kersti krista kristel kristi kristiina liina liis maie maret mari
marika merike merle moonika piret reet riina siiri sirje tiina tiiu triin ulle urve aino anneli anu
ene epp evelin helgi helve leelo
""",
    "tr": """
mehmet mustafa ahmet ali huseyin hasan ayse fatma emine hatice zeynep elif yusuf omer ibrahim
abdullah abdurrahman adem adnan ahsen alper alperen arda arif arzu asli asuman aslihan atilla aydin
ayhan aykut aylin aynur aysel aysegul aysun aytac aziz baris bahar banu basak batuhan bayram belgin
belma berfin berk berkay bekir beren berna betul beyza bilal bilge birgul burak burcu burhan busra
bulent canan caner cansu cem cemal cemile cengiz cenk ceren cetin ceyda cihan cuneyt damla davut
defne deniz derya dilara dilek dogan dursun duygu ebru ece ecem eda efe egemen ekrem elvan emel
emin emrah emre ender engin enes eray ercan erdal erdem erdogan eren ergun erhan erkan erol ersin
ertan esin esma esra evren eylul eymen eyup faruk fatih ferdi ferhat feride feyza figen fikret
filiz fuat furkan gamze gizem goksel gokce gokhan gonca gonul gul gulay gulcan guler gulhan gulizar
gulsah gulsen gulsum gulten gunay gungor gurkan hakan hakki haldun halil halime halit hamza handan
hande harun havva hayati hazal hediye hilal hulya hulusi husniye idris ihsan ilhan ilker ilknur
inci irem irfan ismail ismet isik kaan kadir kadriye kamil kazim kemal kenan kerem kerim kubra
kursat lale leyla levent mahmut makbule mehtap melek meliha melih melike melis meltem mert merve
meryem mesut metin miray muammer muge muhammet muharrem muhittin mukaddes murat musa muzaffer
naciye nadir nalan naz nazan nazim nazli nazmiye necati necla neriman nermin nesrin nevin nevzat
nihal nihat nil nilay nilgun nilufer nimet niyazi nuray nurcan nurettin nuri nuriye nurhan
nursen nurten oguz oguzhan okan oktay olcay onur onder orhan osman ozan ozge ozgur ozlem perihan
pelin pinar polat ramazan rana recep refik remzi reyhan riza ruya sabri sadik saliha salih sami
saniye seda sedat sefa selcuk selda selim selin selma semih semra senem seniha serap serdar serhat
serkan sermin sevda sevgi sevil sevim sevinc seyfettin seyma sibel sinan sinem songul suat sukran
sule suleyman sultan sureyya suzan sahin sebnem sengul senol sevket sukru taha tahir tahsin tamer
taner tarik tayfun tolga tuba tugba tugce tulay tulin tuncay turan turgut turgay turkan ufuk ugur
umit ummuhan umut utku unal vahit vedat veli vildan volkan yagmur yakup yalcin yasar yasemin yasin
yavuz yeliz yesim yigit yildiz yilmaz yonca yuksel yunus zafer zahide zehra zeki zekiye zeliha ziya
zubeyde zumrut
""",
    "irish and welsh": """
sean aoife siobhan ciara niamh eoin fiona kate nigel gareth rhys dafydd aidan aine aisling alun
aled angharad anwen bethan brendan brigid brona bronagh bronwen bryn caoimhe carys cathal catrin
ceri cian ciaran cillian clodagh colm conall conor cormac craig dara darragh deirdre delyth dermot
diarmuid donal dylan eamon eilis eimear eira eleri elin elwyn emer emyr enda eluned eunan ffion
finbarr fionn fionnuala geraint ginny gethin glyn grainne gwen gwenllian gwyn gwyneth heledd huw
hywel ieuan ioan iwan kieran llinos lleucu lowri maeve mairead malachy mared megan mair mari meinir
muireann nerys nia niall nuala oisin orla padraig pdraic peadar rhian rhiannon rhodri roisin ronan
ruairi saoirse seamus sian sinead sioned sorcha steffan tadhg tegan tomos tudur una wyn ewan hamish
alasdair angus callum catriona duncan eilidh elspeth euan fergus fraser gavin iain innes isla
kirsty lachlan lorna mairi malcolm moira morag morven murdo rory ruaridh shona stuart
""",
    "elsewhere": """
mohamed mohammed muhammad abdul fatima aisha amina khadija priya rahul amit sanjay deepak sunita
anil rajesh neha aygul tashi tsering dolma tenzin lhamo batbayar ablajan gulnar ablet tursun memet
nurlan abdelkader abdallah abdulrahman adel ahmad anas asma ayman ayoub aziza bilal bouchra dalia
driss dunya fadi faisal farah farid farida fayza habib hakim halima hamid hanan hassan hicham hind
houda huda hussein imad imane iman ismail jalal jamal jamila kamal karim karima khaled khalid laila
latifa layla lamia malika mansour mariam maryam mehdi mona mouna mounir mourad mustapha nabil nada
nadir naima najat nasser nawal nisrine noura nour omar othman rachid rania rashid rasha reem rima
saad sahar said saida salim salma samir samira sana sara selim slimane soumaya sofiane tarek tariq
wael walid wafa yacine yahya yasmina yassine younes youssef yusra zahra zainab zakaria zineb aditya
ajay akash alok ananya aniket anjali ankit anushka arjun arun asha ashok bhavna dinesh divya ganesh
gaurav geeta gopal harish hemant indira jaya jyoti kavita kiran krishna kumar lakshmi lalita madhu
mahesh manish manoj meena mohan mukesh nandini naveen nikhil nisha nitin pankaj parvati pooja
prakash pradeep pramod prasad pratik preeti rajiv rajendra rakesh ramesh ravi rekha ritu rohan
rohit sachin sandeep sandhya sangeeta sanjeev savita shanti shilpa shivani shreya shweta siddharth
smita sneha sudha sudhir sumit sunil suresh swati tara uma usha varun vijay vikas vikram vinod
vishal vivek yogesh kwame kofi ama abena adwoa akosua chinedu chioma emeka ifeoma ngozi nkechi
obinna oluwaseun adebayo adeola funmilayo folake tunde wanjiku kamau njoroge achieng otieno thabo
sipho nomvula zanele lerato tendai farai mamadou aminata ousmane fatou moussa awa ibrahima mariama
budi dewi siti agus bambang putu wayan ketut nyoman eko indah rizky andi
""",
}
# Where the surname stands first, or where what follows it is a name of any kind.
SURNAMES: Final = {
    "hu": """
nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp takacs juhasz lakatos
meszaros
olah simon racz fekete szilagyi torok feher balazs gal kis szucs kocsis pinter fodor orsos szalai
sipos
magyar lukacs gulyas biro katona kiraly laszlo jakab bogdan balla vass szekely hegedus kelemen
boros
antal somogyi fazekas benke halasz vida varadi vincze bartha kozma pal bodnar hajdu halmai illes
lengyel
barta novak soos orosz bakos pasztor szoke dudas nemes deak sandor major veres borbely kerekes
voros
gaspar szanto dobos csonka lorincz szabados marton sarkozi gaal bognar jonas horvat miklos kadar
mate
erdei erdos szentes nyari bodo csizmadia tamas vegh vamos zsiga hegyi fulop fabian bence gergely
suto
pataki kantor barna balint peter csaki dombi fustos hargitai jambor keresztes kardos kun lantos
madarasz mohacsi nadas nyiri orban polgar puskas rozsa sebestyen sebok szigeti szalay szarka tar
temesi tihanyi ujvari urban vadasz virag zsoldos zombori
""",
    "es": """
garcia rodriguez gonzalez fernandez lopez martinez sanchez perez gomez jimenez ruiz hernandez diaz
munoz alvarez gutierrez dominguez vazquez ramirez suarez ortega delgado ortiz sanz garrido mendez
marquez gimenez ibanez benitez saez velasquez velazquez nunez ramos iglesias gallardo echeverria
aguirre etxeberria zabala arrieta bermudez fajardo quintero cardenas pacheco salazar trujillo
""",
    "in": """
sharma verma gupta singh patel mehta reddy nair iyer menon banerjee chatterjee mukherjee ghosh bose
agarwal aggarwal jain kapoor khanna malhotra chopra bhatia joshi mishra pandey tiwari trivedi yadav
chauhan naidu pillai krishnan desai kulkarni deshpande patil srivastava saxena chowdhury choudhary
""",
    "vi": """
nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong doan trinh mai
cao
lam luong luu ha dao tong chau thai ta kieu quach lai nghiem to tang trieu
""",
}
# How surnames end, and hardly another word; of the last word of a name, in small letters without
# accents, but for those that are written in Cyrillic or Greek.
ENDINGS: Final = (
    "sson|dottir|nsen|rsen|escu|wicz|czyk|vic|nic|kova|sova|nova|cova|lova|enko|iuk|yuk|ichuk|rchuk|shvili|opoulos|opoulou"
    "|akis|idis|iadis|auskas|evicius|avicius|aityte|yte|iene|"
    "ов|ова|ев|ева|ёв|ёва|енко|чук|щук|ишин|дзе|швили|ская|ский"
    "|οπουλος|οπουλου|ιδης|ιδου|ακης|ακη|αδης|αδου|ογλου|ελλης|ατος"
)
CYRILLIC_GIVEN: Final = """
иван петр пётр сергей алексей александр андрей дмитрий михаил николай владимир павел максим евгений
денис артем артём роман игорь олег юрий виктор константин анна мария елена ольга наталья татьяна
ирина
екатерина светлана юлия анастасия людмила галина надежда вера дарья ксения георги димитър тодор
стоян
христо йордан васил мартин елица десислава гергана иванка марија јован марко никола олександр
андрій
сергій микола тетяна оксана наталія аделина аким алевтина александра алина алиса алла анатолий
ангелина
антон антонина аркадий арсений арсен богдан борис вадим валентин валентина валерий валерия
варвара василий
василиса вениамин вероника виктория виталий владислав владислава всеволод вячеслав геннадий
георгий герман
глеб григорий давид даниил данила денис диана дмитро ева евгения егор елизавета ефим жанна захар
зинаида
зоя инна игнат илья кирилл клавдия кристина кузьма лариса лев леонид лидия лилия любовь маргарита
марина
марк матвей милана назар нина оксана олеся полина прохор раиса регина римма родион ростислав
руслан савелий
семен семён софия софья станислав степан таисия тамара тарас тимофей тимур ульяна фёдор федор
филипп эдуард
элеонора эльвира эмма яков яна ярослав ярослава володимир василь іван юрій ігор ірина катерина
людмила
марія надія олена ольга петро роман світлана тарас юлія ярослав богдана галина дмитро євген
андріана антония
асен атанас бисер благой богомила борислав боян валентина васка велислава венцислав весела галин
ганка
даниела деян диляна добромир елеонора живко здравко златка ивайло иво илиян йоана йордана калин
калина
камен катя кирил красимир красимира кръстю лилия лъчезар любомир маргарит марияна милен мирослав
михаела
младен надя невена огнян пенка петя пламен радослав радка румен румяна светослав симеон славчо
снежана
станимир стефан стефка теодора тихомир цветан цветелина яна драган милица милош зоран весна
гордана јелена
јована ана мирјана небојша ненад слободан снежана татјана милан
"""
GREEK_GIVEN: Final = """
γιωργος γεωργιος μαρια νικος νικολαος ελενη γιαννης ιωαννης κωνσταντινος κωστας δημητρης δημητριος
παναγιωτης αικατερινη κατερινα βασιλικη σοφια αννα χρηστος θανασης αθανασιος σπυρος ευαγγελια
βασιλης
μιχαλης αλεξανδρος αντωνης στυλιανος ιωαννα αναστασια χριστινα δεσποινα αγγελικη αγγελος αθηνα
αλεξανδρα
αλεξια αναργυρος αναστασιος ανδρεας αντιγονη αντωνιος απολλων αποστολος αργυρω αριστειδης αρτεμις
αρετη
ασημινα αφροδιτη βαγγελης βαρβαρα βασιλειος βικτωρια γαρυφαλλια γεωργια γερασιμος γρηγορης
γρηγοριος
δαναη δαφνη διονυσης διονυσιος δημητρα δωρα ειρηνη ελευθερια ελευθεριος ελισαβετ ελπιδα εμμανουηλ
ευα
ευαγγελος ευγενια ευδοκια ευθυμιος ευθυμια ευστρατιος ευτυχια ζωη ηλιας ηρακλης θεοδωρος θεοδωρα
θεμιστοκλης
θωμας ιακωβος ιασονας ισμηνη ιφιγενεια καλλιοπη κυριακη κυριακος κωνσταντινα λαμπρος λαμπρινη
λεωνιδας
λουκας λυδια μαγδαληνη μανωλης μαργαριτα μαρινα μαριος μαρκος μαρθα μαριλενα μελπομενη μιλτιαδης
μιχαηλ
μυρτω ναταλια νεφελη νεκταριος ολγα ορεστης ουρανια παναγιωτα παρασκευη παρασκευας πετρος
πηνελοπη πολυξενη
ραφαηλ ρενα ρωξανη σαββας σεβαστη σταματης σταυρος σταυρουλα στεφανος στεργιος στελλα σωκρατης
σωτηρης
σωτηρια ταξιαρχης τασος τριανταφυλλια φανη φιλιππος φωτεινη φωτης φωτιος χαραλαμπος χαρικλεια
χρυσα χρυσουλα
"""
JAPANESE_SURNAMES: Final = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村
林 斎藤 清水 山崎 森
池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤
福田 太田 西村 藤井 金子
岡本 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎
横山 高木 安藤 宮本 大野
小島 工藤 谷口 今井 高田 丸山 増田 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田 松井
千葉 菅原 岩崎 久保 木下 佐野
野村 松尾 市川 菊地 菊池 杉本 古川 大西 島田 水野 桜井 高野 渋谷 吉川 山内 西田 西川 飯田 北村
安田 五十嵐 川口 平田 中田
久保田 服部 岩田 土屋 川崎 福島 本田 辻 樋口 永井 秋山 田口 川上 山中 中西 大橋 吉村 石原 松岡
馬場 浜田 森本 矢野 浅野 松下
星野 大久保 吉岡 小池 野田 荒木 熊谷 松浦 内藤 黒田 大谷 尾崎 永田 川村 望月 田辺 松村 荒井 堀
大島 平井 菅野 早川 栗原 広瀬 横田
石橋 岡崎 萩原 須藤 今村 田島 岡村 成田 児玉 小松 富田 高山 片山 本間 大石 吉野 西山 内山 小沢
三宅 上村 藤川 関口 福井 奥村 河合
鎌田 岩本 川島 桑原 飯塚 服部 白石 片岡 松永 北川 古田 滝沢 桜田 武藤 中井 榎本 平川 岸 西尾 倉田
宮田 宮川 沢田 窪田 坂口
堀内 津田 稲垣 大川 長田 村山 戸田 牧野 小西 甲斐 篠原 大森 根本 浅井 河村 柳田 須田 黒川 富永
秋田 榊原 天野 神田 梅田 野沢
"""
# Characters of which given names are made, most of them in one or two, and common ends in kana.
JAPANESE_GIVEN: Final = (
    "子美恵香奈菜花紀由里莉絵江代世乃穂希結衣愛陽葵咲桜凛優彩沙紗真麻理梨加佳智千和久一二三太郎"
    "朗介輔助平男夫雄生也哉"
    "人斗翔大拓健直樹貴達隆弘博浩裕正雅昌明昭光幸秀英義信誠修治次司史志士海蓮悠湊颯陸空蒼新律朝"
    "晴琴音心美月七海未来春夏秋冬"
    "瑞季実桃杏茜遥遙萌瞳舞綾礼玲琳鈴蘭百合友朋知仁敏俊勇勝進豊茂稔実清孝功耕洋純淳潤敬啓圭慶景"
    "敦淑章彰晃宏紘広寛康靖泰"
    "晋伸慎憲賢剛毅豪強武威龍竜虎颯凌亮良諒遼涼怜玲伶奏楽歩歌唄詩文典範徳福寿喜嘉吉善利則紀規法"
    "政成斉整均等栄永長尚久常恒"
    "早苗若葉節照静房芳京雪星涙露霞虹綺麗華蕾蘭菫椿楓梓柚柑檎苺芽萩藍碧翠紅朱茉莉弥那耶亜伊宇絵"
    "緒果佐須世宗多津都登奈仁"
    "之のみかなあいさくらりんひまわりはるゆきたけしまことつよしひかるめぐみまゆこえきせおけ々"
)
# Syllables of which Korean given names of two are made.
KOREAN_GIVEN: Final = (
    "가강건경계고관광교구국권규근금기길나남내노누다단달담대덕도동두라람래려련령로리린림마만명모"
    "무문미민바배백범벽별병보복본봉부빈"
    "사산상새서석선설섭성세소솔송수숙순슬승시식신실아안애양언연열영예오옥온완용우욱운웅원월유윤"
    "율은을음의이익인일임자장재전정제조"
    "종주준중지진찬창채천철청초춘충치태택하학한해향현형혜호홍화환황효훈휘흥희"
)
# Parts of which names of Tibetans, Mongols, Uyghurs and Kazakhs are put together in Chinese.
PARTS: Final = """
扎西 卓玛 次仁 格桑 旺堆 央金 德吉 尼玛 达瓦 多吉 平措 巴桑 白玛 仁青 仁增 顿珠 拉姆 洛桑 索朗
强巴 丹增 旦增 边巴 普布 米玛 加措
贡布 群培 曲珍 卓嘎 白珍 措姆 旺姆 旺杰 旺久 曲扎 曲央 次旦 次旺 次珍 赤列 伦珠 土登 益西 江白
晋美 嘉措 拉巴 玉珍 桑珠 桑布 阿旺
贡嘎 洛松 坚才 坚赞 才让 才旦 卓么 东珠 万玛 南杰 华旦 拉毛 卡卓 永青 罗布 其美 措毛 吉美 旺扎
丹巴 扎巴 班久 达娃 德庆 白姆
巴特尔 乌兰 其其格 苏和 巴雅尔 格日勒 图雅 高娃 娜仁 萨仁 阿拉坦 宝音 朝鲁 哈斯 额尔敦 孟和 那顺
斯琴 塔娜 乌日娜 特木尔 布和 巴图
苏日娜 敖登 乌云 其木格 朝格图 格根 呼和 哈日 吉日嘎拉 满都拉 莫日根 牧仁 那木 青格乐 青格勒
斯日古楞 陶格陶 图门 托娅 乌力吉 乌尼尔
恩和 恩克 阿木尔 阿荣 敖云 包力道 毕力格 达来 达林 德力格尔 额日登 嘎鲁 胡日查 呼斯楞 花拉 金花
朝克 赛罕 赛音 萨如拉 苏布德 塔拉 腾格尔
乌恩 乌日图 希日莫 伊拉 照日格图 仓 图 仁高娃
阿依古丽 古丽 古丽娜尔 买买提 吐尔逊 艾力 艾合买提 阿不都拉 热依汗 阿依 努尔 努尔古丽 阿布都
热合曼 克里木 卡德尔 依明 玉素甫 木合塔尔
帕提古丽 帕提曼 阿曼 阿孜古丽 迪丽 努拉 热巴 拜尔 居马 托合提 吾买尔 艾山 玉山 买买 亚森 阿迪力
艾尼瓦尔 阿里木 吐尔洪 沙吾提 斯拉木 伊力
哈力克 赛买提 马木提 海拉提 叶尔 波拉提 加娜尔 阿依达 巴合提 哈山 对山 木拉提 叶尔肯 别克 赛力克
努尔兰 阿斯哈尔 古丽米娜 玛依拉 米娜瓦尔
"""
