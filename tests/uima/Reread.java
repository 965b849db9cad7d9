import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.StringJoiner;
import org.apache.uima.UIMAFramework;
import org.apache.uima.cas.ArrayFS;
import org.apache.uima.cas.CAS;
import org.apache.uima.cas.Feature;
import org.apache.uima.cas.FeatureStructure;
import org.apache.uima.cas.Type;
import org.apache.uima.cas.impl.XmiCasDeserializer;
import org.apache.uima.cas.impl.XmiCasSerializer;
import org.apache.uima.cas.text.AnnotationFS;
import org.apache.uima.util.CasCreationUtils;
import org.apache.uima.util.TypeSystemUtil;
import org.apache.uima.util.XMLInputSource;
import org.apache.uima.util.XMLParser;

/**
 * Reads the XMI files of folders strictly, says what UIMA holds of them, and writes them anew to other folders.
 *
 * Arguments: IN OUT [IN OUT]... Each line has fields between tabs, encoded as in URLs: `type`, folder, type, and
 * `feature`, `range` for each feature; `annotation`, file, type, begin, end, covered text, and `feature`, `value` for
 * each feature that is set and each link, whose value is `role target's-type target's-id`; `refused`, file, why.
 */
public class Reread {
  public static void main(String[] folders) throws Exception {
    for (int i = 0; i < folders.length; i += 2) {
      rereadAll(new File(folders[i]), new File(folders[i + 1]));
    }
  }

  private static void rereadAll(File in, File out) throws Exception {
    out.mkdirs();
    File types = new File(in, "TypeSystem.xml");
    CAS cas;
    try {
      cas = cas(types);
    } catch (Exception why) {
      print("refused", types.getPath(), why.toString());
      return;
    }
    try (OutputStream stream = new FileOutputStream(new File(out, types.getName()))) {
      TypeSystemUtil.typeSystem2TypeSystemDescription(cas.getTypeSystem()).toXML(stream);
    }
    for (Type type : cas.getTypeSystem().getProperlySubsumedTypes(cas.getAnnotationType())) {
      StringJoiner line = line("type", in.getPath(), type.getName());
      for (Feature feature : type.getFeatures()) {
        add(line, feature.getShortName(), feature.getRange().getName());
      }
      System.out.println(line);
    }
    File[] files = in.listFiles((folder, name) -> name.endsWith(".xmi"));
    Arrays.sort(files);
    for (File file : files) {
      try {
        reread(cas, file, new File(out, file.getName()));
      } catch (Exception why) {
        print("refused", file.getPath(), why.toString());
      }
    }
  }

  private static void reread(CAS cas, File in, File out) throws Exception {
    cas.reset();
    try (InputStream stream = new FileInputStream(in)) {
      XmiCasDeserializer.deserialize(stream, cas, false); // not lenient
    }
    for (Iterator<CAS> views = cas.getViewIterator(); views.hasNext(); ) {
      for (AnnotationFS annotation : views.next().getAnnotationIndex()) {
        describe(in, annotation);
      }
    }
    try (OutputStream stream = new FileOutputStream(out)) {
      XmiCasSerializer.serialize(cas, stream);
    }
  }

  private static CAS cas(File types) throws Exception {
    XMLParser parser = UIMAFramework.getXMLParser();
    parser.enableSchemaValidation(true);
    return CasCreationUtils.createCas(parser.parseTypeSystemDescription(new XMLInputSource(types)), null, null);
  }

  private static void describe(File file, AnnotationFS one) {
    StringJoiner line = line("annotation", file.getPath(), one.getType().getName());
    add(line, "" + one.getBegin(), "" + one.getEnd(), one.getCoveredText());
    for (Feature feature : one.getType().getFeatures()) {
      if (feature.getRange().isPrimitive()) {
        if (feature.getDomain() == one.getType() && one.getFeatureValueAsString(feature) != null) {
          add(line, feature.getShortName(), one.getFeatureValueAsString(feature));
        }
      } else if (one.getFeatureValue(feature) instanceof ArrayFS) {
        for (FeatureStructure link : ((ArrayFS) one.getFeatureValue(feature)).toArray()) {
          add(line, feature.getShortName(), described(link));
        }
      }
    }
    System.out.println(line);
  }

  private static String described(FeatureStructure link) {
    FeatureStructure target = link.getFeatureValue(link.getType().getFeatureByBaseName("target"));
    String role = link.getStringValue(link.getType().getFeatureByBaseName("role"));
    String id = target.getStringValue(target.getType().getFeatureByBaseName("id"));
    return role + " " + target.getType().getName() + " " + id;
  }

  private static void print(String... fields) {
    System.out.println(line(fields));
  }

  private static StringJoiner line(String... fields) {
    StringJoiner line = new StringJoiner("\t");
    add(line, fields);
    return line;
  }

  private static void add(StringJoiner line, String... fields) {
    for (String field : fields) {
      line.add(URLEncoder.encode(field, StandardCharsets.UTF_8));
    }
  }
}
